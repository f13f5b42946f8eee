import BSON
import FoundationEssentials
package import ReportArchive
import ReportRecords
package import ReportStores

/// Takes old reports' rows and files out of MongoDB that an archive has.
///
/// A result is marked first, confirmed by a majority; then rows and files go; then the mark says that all has gone. Whatever
/// ends it in between, the next run finds the mark and goes on.
package struct ArchiveOffload {
    /// The youngest that are let go.
    package static let youngest: Int64 = 90 * 86_400_000

    package struct Outcome: Hashable, Sendable {
        /// Reports whose rows and files have gone, or with `isDryRun` would go.
        package var reports = 0
        /// Those of them that an offload before had begun.
        package var resumed = 0
        /// Reports that stay as they are.
        package var skipped: [Skipped] = []
        /// What is wrong with the archive's files; these reports stay as they are.
        package var faults: [String] = []

        package init() {}
    }

    package struct Skipped: Hashable, Sendable {
        package enum Reason: Hashable, Sendable, CaseIterable { case absent, changed, open }

        package let id: String
        package let reason: Reason
    }

    private let store: ArchiveStore
    private let folder: ArchiveFolder
    private let part: ArchivePart
    private let key: ArchiveKey?
    /// In milliseconds since 1970.
    private let now: Int64
    private let before: Int64
    private let isOpen: @Sendable (String) -> Bool
    private let isDryRun: Bool
    /// Called before each write; what it throws ends the work there, as a crash would. For tests.
    private let onWrite: (@Sendable () throws -> Void)?
    /// Called with each report that has gone, or would go.
    private let onReport: (String) -> Void
    private var outcome = Outcome()

    /// How many documents are removed by one message.
    private static let batch = 64

    /// `before`: reports count that were over then. `isOpen`: whether somebody knows of a delivery of a report that isn't over
    /// and that the ledger needn't know.
    package init(
        _ store: ArchiveStore, to folder: ArchiveFolder, part: ArchivePart, key: ArchiveKey?, now: Int64,
        before: Int64, isDryRun: Bool = false, isOpen: @escaping @Sendable (String) -> Bool = { _ in false },
        onWrite: (@Sendable () throws -> Void)? = nil, onReport: @escaping (String) -> Void = { _ in }
    ) {
        self.store = store
        self.folder = folder
        self.part = part
        self.key = key
        self.now = now
        self.before = before
        self.isDryRun = isDryRun
        self.isOpen = isOpen
        self.onWrite = onWrite
        self.onReport = onReport
    }

    /// Throws `ArchiveTrouble`, or `StoreTrouble`. Can be run again.
    package mutating func run() async throws -> Outcome {
        guard before <= now - Self.youngest else {
            throw ArchiveTrouble("Only reports that have been over for 90 days or longer are offloaded")
        }
        try folder.lock()
        try await ManifestWalk.check(folder, key)
        if !isDryRun { try await goOn() }
        try await begin()
        return outcome
    }

    /// Those that an offload before has marked.
    private mutating func goOn() async throws {
        var walk = try await ManifestWalk(folder)
        for id in try await store.leaving(for: folder.place) {
            guard let mark = try await store.offload(of: id), mark.isLeaving == true else { continue }
            guard let entry = try walk.entry(of: id), let archived = try await goods(entry) else { continue }
            guard archived.digest.goods == mark.sha256 else {
                outcome.faults.append(
                    "\(entry.text.path): isn't what the report's rows and files were when they were offloaded")
                continue
            }
            if try await takeAway(id, archived, mark) { outcome.resumed += 1 }
        }
    }

    private mutating func begin() async throws {
        var walk = try await ManifestWalk(folder)
        var last: String?
        while true {
            let ids = try await store.over(before: before, part, after: last)
            guard !ids.isEmpty else { return }
            last = ids.last
            let results = try await store.results(of: ids).filter { !ArchiveOrder.isOffloaded($0.value) }
            let open = try await store.withOpenDelivery(ids)
            var archived: [(id: String, goods: ArchivedGoods)] = []
            for id in ids where results[id] != nil {
                guard !open.contains(id), !isOpen(id) else {
                    outcome.skipped.append(Skipped(id: id, reason: .open))
                    continue
                }
                guard let entry = try walk.entry(of: id) else {
                    outcome.skipped.append(Skipped(id: id, reason: .absent))
                    continue
                }
                if let goods = try await goods(entry), !goods.isEmpty { archived.append((id, goods)) }
            }
            var batch = store.batch(archived.map(\.id), ArchivePart())
            for (id, goods) in archived { try await offload(id, goods, &batch) }
        }
    }

    /// Nil where its files aren't as the manifest has them.
    private mutating func goods(_ entry: ManifestEntry) async throws -> ArchivedGoods? {
        do {
            return try await ArchivedGoods(folder, entry)
        } catch let trouble as ArchiveTrouble where !trouble.isOfKey && !trouble.isBusy {
            outcome.faults += trouble.faults
            return nil
        }
    }

    private mutating func offload(_ id: String, _ archived: ArchivedGoods, _ batch: inout ArchiveBatch) async throws {
        var present = ReportDigest()
        var result: BSONDocument?
        for kind in ArchiveKind.allCases where !kind.isChunk {
            while let document = try await batch.next(kind, of: id) {
                if kind == .result { result = document }
                present.take(document, kind)
                guard let chunkKind = kind.chunks, let file = document["_id"] else { continue }
                var chunks = batch.chunks(chunkKind, of: file)
                while let chunk = try await chunks.next() { present.take(chunk, chunkKind) }
            }
        }
        guard let result, present.whole == archived.digest.whole else {
            outcome.skipped.append(Skipped(id: id, reason: .changed))
            return
        }
        guard !isDryRun else { return count(id) }
        let mark = Offload(
            archive: folder.place, at: Date(timeIntervalSince1970: Double(now) / 1000),
            sha256: archived.digest.goods, isLeaving: true)
        try onWrite?()
        guard try await store.mark(result, mark) else {
            outcome.skipped.append(Skipped(id: id, reason: .changed))
            return
        }
        _ = try await takeAway(id, archived, mark)
    }

    /// Returns whether all of it has gone.
    private mutating func takeAway(_ id: String, _ archived: ArchivedGoods, _ mark: Offload) async throws -> Bool {
        if let reason = try await reasonToStay(id, archived) {
            try onWrite?()
            _ = try await store.unmark(id, mark)
            outcome.skipped.append(Skipped(id: id, reason: reason))
            return false
        }
        for start in stride(from: 0, to: archived.rows.count, by: Self.batch) {
            try onWrite?()
            try await store.remove(Array(archived.rows[start...].prefix(Self.batch)), .rows)
        }
        for file in archived.files {
            guard let chunks = file.kind.chunks else { continue }
            // A file that is there is whole.
            try onWrite?()
            try await store.remove([file.id], file.kind)
            repeat { try onWrite?() } while try await store.removeChunks(chunks, of: file.id)
        }
        try onWrite?()
        try await store.settle(id, mark)
        count(id)
        return true
    }

    /// What was written after all was compared and before the mark was there. Once anything has gone there is no way back.
    private func reasonToStay(_ id: String, _ archived: ArchivedGoods) async throws -> Skipped.Reason? {
        var isMore = false
        for kind in [ArchiveKind.rows, .file, .stageFile] {
            let present = try await store.present(kind, of: id)
            let known = Set(kind == .rows ? archived.rows : archived.files.filter { $0.kind == kind }.map(\.id))
            guard known.isSubset(of: present) else { return nil }
            isMore = isMore || present.count > known.count
        }
        if isMore { return .changed }
        return try await store.withOpenDelivery([id]).isEmpty ? nil : .open
    }

    private mutating func count(_ id: String) {
        outcome.reports += 1
        onReport(id)
    }
}
