import ReportArchive
import ReportRecords
package import ReportStores

/// Brings the rows and files of offloaded reports back into MongoDB.
///
/// They are held against the digest that MongoDB has of them, so the writers of the archive needn't be trusted. The
/// mark goes last: whatever ends a restore in between, it can be run again.
package struct ArchiveRestore {
    package struct Outcome: Hashable, Sendable {
        package var restored = 0
        /// Those whose rows and files were in MongoDB.
        package var there = 0

        package init(restored: Int = 0, there: Int = 0) {
            self.restored = restored
            self.there = there
        }
    }

    private let store: ArchiveStore
    private let folder: ArchiveFolder
    private let key: ArchiveKey?
    /// Called before each write; what it throws ends the work there, as a crash would. For tests.
    private let onWrite: (@Sendable () throws -> Void)?
    private var outcome = Outcome()

    package init(
        _ folder: ArchiveFolder, into store: ArchiveStore, key: ArchiveKey?,
        onWrite: (@Sendable () throws -> Void)? = nil
    ) {
        self.folder = folder
        self.store = store
        self.key = key
        self.onWrite = onWrite
    }

    /// Throws `ArchiveTrouble`, or `StoreTrouble`.
    package mutating func run(_ ids: [String]) async throws -> Outcome {
        try await ManifestWalk.check(folder, key)
        var walk = try await ManifestWalk(folder)
        for id in Set(ids).sorted(by: ManifestEntry.isBefore) {
            guard let mark = try await store.offload(of: id) else {
                guard try await store.results(of: [id])[id] != nil else {
                    throw ArchiveTrouble(
                        "\"\(id)\": MongoDB has no result of such a report; an import brings whole reports"
                    )
                }
                outcome.there += 1
                continue
            }
            guard mark.isLeaving != true else {
                throw ArchiveTrouble(
                    "\"\(id)\": an offload was interrupted that moves it to \(mark.archive); run that again first"
                )
            }
            guard let entry = try walk.entry(of: id) else {
                throw ArchiveTrouble(
                    "\(folder.path): has no report \"\(id)\", which was offloaded to \(mark.archive)")
            }
            try await restore(entry, mark)
        }
        return outcome
    }

    private mutating func restore(_ entry: ManifestEntry, _ mark: Offload) async throws {
        guard try await ArchivedGoods(folder, entry).digest.goods == mark.sha256 else {
            throw ArchiveTrouble(
                "\(entry.text.path): isn't what was offloaded to \(mark.archive): its digest is another")
        }
        var goods = GoodsWriting(store, onWrite: onWrite)
        try await ArchivedReport(folder: folder, entry: entry).read { archived in
            if GoodsWriting.takes(archived.kind) { try await goods.take(archived) }
        }
        try await goods.finish()
        try onWrite?()
        // Where it isn't that mark any more, somebody else was faster, or the report was published again.
        _ = try await store.unmark(entry.id, mark)
        outcome.restored += 1
    }
}
