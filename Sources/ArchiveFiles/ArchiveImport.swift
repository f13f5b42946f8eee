import BSON
import ReportArchive
package import ReportStores

/// Writes what an archive holds into MongoDB: what is there already, or newer, stays.
package struct ArchiveImport {
    package struct Outcome: Hashable, Sendable {
        package var reports = 0
        /// Documents that were not there, or older.
        package var written = 0
        /// Documents that were there, or newer.
        package var kept = 0
    }

    private let store: ArchiveStore
    private let folder: ArchiveFolder
    private let trust: ArchiveTrust
    /// In milliseconds since 1970.
    private let now: Int64
    /// Of those who were erased here or from the archive; nil where nobody was.
    private var erasure: PersonErasure?
    /// Called before each write; what it throws ends the import there, as a crash would. For tests.
    private let onWrite: (@Sendable () throws -> Void)?
    private var outcome = Outcome()

    package init(
        _ folder: ArchiveFolder, into store: ArchiveStore, trust: ArchiveTrust, now: Int64,
        onWrite: (@Sendable () throws -> Void)? = nil
    ) {
        self.now = now
        self.onWrite = onWrite
        self.store = store
        self.folder = folder
        self.trust = trust
    }

    /// Writes nothing unless all of the archive is as it should be. Can be run again.
    ///
    /// Throws `ArchiveTrouble`, or `StoreTrouble`.
    package mutating func run() async throws -> Outcome {
        let head = try await ArchiveVerification(folder, trust: trust).run().head
        try await store.keep(head.tombstones, now: now)
        erasure = Tombstones(Tombstone.union(try await store.tombstones(), head.tombstones)).erasure
        guard let manifest = try await ManifestFileReader(folder) else {
            throw ArchiveTrouble("\(ArchivePath.manifest): has gone")
        }
        while let entry = try manifest.next() {
            try await write(entry)
            outcome.reports += 1
        }
        return outcome
    }

    /// The record is written last: one that is there means that all else is. What MongoDB knows to be in an archive stays
    /// there: a restore brings it back.
    private mutating func write(_ entry: ManifestEntry) async throws {
        var small: [(kind: ArchiveKind, document: BSONDocument)] = []
        var goods = GoodsWriting(store, onWrite: onWrite)
        let isOffloaded = try await store.offload(of: entry.id) != nil
        try await ArchivedReport(folder: folder, entry: entry).read { archived in
            if !GoodsWriting.takes(archived.kind) {
                let edited = erasure?.edited(archived.document, archived.kind)
                small.append((archived.kind, edited ?? archived.document))
            } else if isOffloaded {
                outcome.kept += 1
            } else {
                try await goods.take(archived)
            }
        }
        try await goods.finish()
        count((goods.written, goods.kept))
        for (kind, document) in small.reversed() {
            try onWrite?()
            count(try await store.raise(document, kind))
        }
    }

    private mutating func count(_ done: (written: Int, kept: Int)) {
        outcome.written += done.written
        outcome.kept += done.kept
    }
}
