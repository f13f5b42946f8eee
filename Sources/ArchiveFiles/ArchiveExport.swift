import BSON
package import ReportArchive
package import ReportStores

/// Writes reports into an archive: all of a part, or those that have changed since the last time.
///
/// What was there stays until the new manifest takes the old one's place; an export that was killed goes on where it was.
package struct ArchiveExport {
    package struct Outcome: Hashable, Sendable {
        /// Reports that were read and written.
        package var reports = 0
        /// Those whose rows are in the archive alone, which stay as they are in it.
        package var offloaded = 0
        /// Of these reports.
        package var bytes = 0
        /// Those that an export before had written that was killed.
        package var resumed = 0
        /// Whether all of the part was read.
        package var isWhole = true
        /// What the archive holds now.
        package var foot = ManifestFoot()
        /// Up to when all changes of the part are in the archive; nil where the server tells of none.
        package var until: ServerTime?
        /// Why MongoDB wasn't told of it; nil where it was.
        package var unnoted: StoreTrouble?
    }

    private let store: ArchiveStore
    private let folder: ArchiveFolder
    private let part: ArchivePart
    private let key: ArchiveKey?
    /// In milliseconds since 1970.
    private let now: Int64

    private var outcome = Outcome()
    /// Entries that aren't in the journal yet.
    private var pending: [UInt8] = []
    private let disk: DiskSettling
    /// The folders that have new files.
    private var places: Set<String> = []

    package init(
        _ store: ArchiveStore, to folder: ArchiveFolder, part: ArchivePart, key: ArchiveKey?, now: Int64
    ) {
        self.store = store
        self.folder = folder
        disk = DiskSettling(folder)
        self.part = part
        self.key = key
        self.now = now
    }

    /// `sinceLast`: only what has changed since the last export of the part, where the server can tell.
    ///
    /// Throws `ArchiveTrouble`, or `StoreTrouble`.
    package mutating func run(sinceLast: Bool) async throws -> Outcome {
        try folder.lock()
        let before = try await ManifestFileReader.head(of: folder, key)
        if let before { try folder.checkSealing(before) }
        try await sweep(before, isAll: !sinceLast)
        let (head, journal, last) = try await begin(before)
        let since = sinceLast ? before?.until(part) : nil
        var changed: [String]?
        if let since { changed = try await store.changed(since: since, until: head.until(part) ?? since) }
        outcome.isWhole = changed == nil
        try await write(changed, after: last, export: head.export, journal)
        try flush(journal)
        try await disk.finish()
        for place in places { try folder.settle(place) }
        outcome.until = head.until(part)
        let replaced = try await merge(head)
        for path in replaced { try await folder.remove(path) }
        try await folder.remove(ArchivePath.journal)
        outcome.unnoted = await store.note(
            ArchivePlace(
                path: folder.place, export: head.export, at: head.at, extents: head.extents,
                foot: outcome.foot))
        return outcome
    }

    private func parts(after before: ManifestHead?) -> [ManifestHead.Extent] {
        (before?.extents ?? []).filter { $0.part != part } + [ManifestHead.Extent(part: part, until: nil)]
    }

    /// What another one left that was killed, and that this one can't go on with.
    private func sweep(_ before: ManifestHead?, isAll: Bool) async throws {
        if folder.isRemote {
            if isAll { try await folder.sweep(isYoungToo: false) }
            return
        }
        guard let before, let journal = try? await ManifestFileReader(folder, journal: .interrupted),
            journal.head.export <= before.export || journal.head.extents.map(\.part) != parts(after: before).map(\.part)
                || journal.head.recipients != folder.recipientTexts
        else { return }
        try await folder.sweep(isYoungToo: false)
    }

    /// The head of this export, its journal, and the last report that is in it.
    private mutating func begin(
        _ before: ManifestHead?
    ) async throws -> (ManifestHead, ArchiveOutput, last: String?) {
        let number = (before?.export ?? 0) + 1
        var extents = parts(after: before)
        // A journal whose head isn't whole is started over.
        if let old = try? await ManifestFileReader(folder, journal: .interrupted), old.head.export == number,
            old.head.extents.map(\.part) == extents.map(\.part), old.head.recipients == folder.recipientTexts
        {
            let (end, last) = try await resume(old)
            return (old.head, try folder.reopen(ArchivePath.journal, length: end), last)
        }
        extents[extents.count - 1].until = try await store.now()
        let head = ManifestHead(
            export: number, at: now, recipients: folder.recipientTexts, extents: extents,
            tombstones: Tombstone.union(before?.tombstones ?? [], try await store.tombstones()))
        let journal = try folder.create(ArchivePath.journal)
        try journal.write(head.text)
        return (head, journal, nil)
    }

    /// How far a journal is right: what it names is read again.
    private mutating func resume(_ journal: ManifestFileReader) async throws -> (end: Int, last: String?) {
        var (end, last) = (journal.end, nil as String?)
        do {
            while let entry = try journal.next() {
                // What was encrypted nobody needs to open for that: its digest tells whether it is whole.
                let report = ArchivedReport(folder: folder, entry: entry)
                if report.isSealed { try await report.checkBytes() } else { try await report.read { _ in } }
                // The one that was killed hadn't waited for the disk.
                for file in entry.all {
                    try folder.settle(file: file.path)
                }
                places.insert(entry.place)
                (end, last) = (journal.end, entry.id)
                outcome.resumed += 1
            }
        } catch is ArchiveTrouble {
            // From there on it is written again.
        }
        return (end, last)
    }

    private mutating func write(
        _ changed: [String]?, after last: String?, export: Int, _ journal: ArchiveOutput
    ) async throws {
        let size = ArchiveStore.batch
        if let changed {
            let rest = changed.filter { id in last.map { ManifestEntry.isBefore($0, id) } ?? true }
            for start in stride(from: 0, to: rest.count, by: size) {
                let ids = Array(rest[start..<min(start + size, rest.count)])
                try await write(batch: ids, export: export, journal)
            }
            return
        }
        var last = last
        while true {
            let ids = try await store.ids(part, after: last)
            guard !ids.isEmpty else { return }
            try await write(batch: ids, export: export, journal)
            last = ids.last
        }
    }

    private mutating func write(batch ids: [String], export: Int, _ journal: ArchiveOutput) async throws {
        var batch = store.batch(ids, part)
        for id in ids {
            guard let record = try await batch.next(.record, of: id) else { continue }
            let result = try await batch.next(.result, of: id)
            if result.map(ArchiveOrder.isOffloaded) ?? false {
                outcome.offloaded += 1
                continue
            }
            let written = try await ReportOutput(id: id, record: record, folder: folder, export: export)
                .write(result, &batch)
            let entry = written.entry
            for output in written.outputs { try await disk.take(output) }
            places.insert(written.place)
            outcome.reports += 1
            outcome.bytes += entry.all.reduce(0) { $0 + $1.bytes }
            pending += Array(entry.lines.utf8)
            if pending.count > 32 << 10 { try flush(journal) }
        }
        try flush(journal)
    }

    private mutating func flush(_ journal: ArchiveOutput) throws {
        guard !pending.isEmpty else { return }
        try journal.write(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Puts a new manifest in the old one's place; returns the files that it no longer names.
    private mutating func merge(_ head: ManifestHead) async throws -> [String] {
        var writer = try ManifestFileWriter(try folder.create(ArchivePath.newManifest), head)
        var replaced: [String] = []
        guard let journal = try await ManifestFileReader(folder, journal: .whole) else {
            throw ArchiveTrouble("\(ArchivePath.journal): has gone")
        }
        let before = try await ManifestFileReader(folder)
        var (old, new) = (try before?.next(), try journal.next())
        while old != nil || new != nil {
            guard let entry = new, old.map({ !ManifestEntry.isBefore($0.id, entry.id) }) ?? true else {
                if let entry = old { try writer.append(entry) }
                old = try before?.next()
                continue
            }
            if let former = old, former.id.utf8.elementsEqual(entry.id.utf8) {
                // An erasure has written the text alone: files that it left may be named by both.
                let kept = Set(entry.all.map(\.path))
                replaced += former.all.map(\.path).filter { !kept.contains($0) }
                old = try before?.next()
            }
            try writer.append(entry)
            new = try journal.next()
        }
        outcome.foot = try writer.finish(key)
        try await folder.replace(ArchivePath.manifest, by: ArchivePath.newManifest)
        return replaced
    }
}
