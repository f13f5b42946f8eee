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
    /// Called before each write; what it throws ends the import there, as a crash would. For tests.
    private let onWrite: (@Sendable () throws -> Void)?
    private var outcome = Outcome()

    /// How much waits to be written at most.
    private static let batch = (documents: 64, bytes: 4 << 20)

    package init(
        _ folder: ArchiveFolder, into store: ArchiveStore, trust: ArchiveTrust,
        onWrite: (@Sendable () throws -> Void)? = nil
    ) {
        self.onWrite = onWrite
        self.store = store
        self.folder = folder
        self.trust = trust
    }

    /// Writes nothing unless all of the archive is as it should be. Can be run again.
    ///
    /// `only`: of that report alone. Throws `ArchiveTrouble`, or `StoreTrouble`.
    package mutating func run(only report: String? = nil) async throws -> Outcome {
        _ = try await ArchiveVerification(folder, trust: trust).run()
        guard let manifest = try ManifestFileReader(folder) else {
            throw ArchiveTrouble("\(ArchivePath.manifest): has gone")
        }
        while let entry = try manifest.next() {
            if let report, !entry.id.utf8.elementsEqual(report.utf8) { continue }
            try await write(entry)
            outcome.reports += 1
        }
        return outcome
    }

    /// The record is written last: one that is there means that all else is.
    private mutating func write(_ entry: ManifestEntry) async throws {
        var small: [ArchivedDocument] = []
        var rows = Pending()
        var files = FileWriting()
        try await ArchivedReport(folder: folder, entry: entry).read { archived in
            switch archived.kind {
            case .record, .event, .log, .delivery, .result: small.append(archived)
            case .rows:
                rows.append(archived.document)
                if rows.isFull { try await insert(rows.take(), .rows) }
            case .file, .stageFile:
                try await finish(&files)
                files = FileWriting(file: archived, isThere: try await store.hasFile(archived))
            case .chunk, .stageChunk:
                guard !files.isThere else { return outcome.kept += 1 }
                files.chunks.append(archived.document)
                if files.chunks.isFull { try await insert(files.chunks.take(), archived.kind) }
            }
        }
        try await insert(rows.take(), .rows)
        try await finish(&files)
        for archived in small.reversed() {
            try onWrite?()
            count(try await store.raise(archived))
        }
    }

    private mutating func insert(_ documents: [BSONDocument], _ kind: ArchiveKind) async throws {
        guard !documents.isEmpty else { return }
        try onWrite?()
        count(try await store.insert(documents, kind))
    }

    /// The document that makes its chunks a file comes last.
    private mutating func finish(_ files: inout FileWriting) async throws {
        guard let file = files.file, let kind = file.kind.chunks else { return }
        guard !files.isThere else { return outcome.kept += 1 }
        try await insert(files.chunks.take(), kind)
        try await insert([file.document], file.kind)
    }

    private mutating func count(_ done: (written: Int, kept: Int)) {
        outcome.written += done.written
        outcome.kept += done.kept
    }

    /// Documents that wait to be written together.
    struct Pending {
        private var documents: [BSONDocument] = []
        private var size = 0

        var isFull: Bool { documents.count >= ArchiveImport.batch.documents || size >= ArchiveImport.batch.bytes }

        mutating func append(_ document: BSONDocument) {
            documents.append(document)
            size += document.bytes.count
        }

        mutating func take() -> [BSONDocument] {
            defer { self = Pending() }
            return documents
        }
    }

    /// A file that is being read.
    private struct FileWriting {
        var file: ArchivedDocument?
        var isThere = false
        var chunks = Pending()
    }
}
