import BSON
import ReportArchive
import ReportStores

/// The archive's part of an erasure: writes those reports again that name the person, and a new manifest.
///
/// As with an export, what was there stays until the new manifest takes the old one's place. What an export left that was
/// killed goes first: it may name them, too.
final class ArchiveErasure {
    let head: ManifestHead
    private let folder: ArchiveFolder
    private let key: ArchiveKey?
    /// In milliseconds since 1970.
    private let now: Int64
    /// What MongoDB is to be told, even where nothing changed: a run before may have been killed just there.
    private(set) var written: ArchivePlace?

    /// Throws where it is not an archive that can be written with this key, so that nothing is begun.
    init(_ folder: ArchiveFolder, key: ArchiveKey?, now: Int64) async throws {
        try folder.lock()
        guard let head = try await ManifestFileReader.head(of: folder, key) else {
            throw ArchiveTrouble("\(folder.path): is not an archive: it has no \(ArchivePath.manifest)")
        }
        try folder.checkSealing(head)
        self.folder = folder
        self.key = key
        self.now = now
        self.head = head
    }

    func run(
        _ person: ErasedPerson, isDryRun: Bool, _ outcome: inout ReportErasure.Outcome
    ) async throws -> ReportErasure.Outcome.Archived {
        if !isDryRun { try await folder.sweep(isYoungToo: true) }
        let number = head.export + 1
        let extents = head.extents.map { ManifestHead.Extent(part: person.erasure.edited($0.part), until: $0.until) }
        let new = ManifestHead(
            export: number, at: now, recipients: folder.recipientTexts, extents: extents,
            tombstones: Tombstone.union(head.tombstones, [person.tombstone]))
        // Its parts are nobody's, so that no export goes on with it; but each knows by it what is left over.
        if !isDryRun { try begin(ManifestHead(export: number, at: now, extents: [])) }
        guard let manifest = try await ManifestFileReader(folder) else {
            throw ArchiveTrouble("\(ArchivePath.manifest): has gone")
        }
        var writer = isDryRun ? nil : try ManifestFileWriter(try folder.create(ArchivePath.newManifest), new)
        var archived = ReportErasure.Outcome.Archived(
            place: folder.place, export: head.export, reports: [], changed: 0)
        var replaced: [String] = []
        var places: Set<String> = []
        while let entry = try manifest.next() {
            var after = entry
            if try await look(entry, person, &archived, &outcome) {
                archived.changed += 1
                if !isDryRun {
                    after = try await write(entry, person, number)
                    replaced.append(entry.text.path)
                    places.insert(entry.place)
                }
            }
            try writer?.append(after)
        }
        guard let foot = try writer?.finish(key) else { return archived }
        guard
            archived.changed > 0 || extents != head.extents || new.tombstones != head.tombstones
                || new.recipients != head.recipients
        else {
            try await folder.remove(ArchivePath.newManifest)
            try await folder.remove(ArchivePath.journal)
            written = ArchivePlace(
                path: folder.place, export: head.export, at: head.at, extents: extents, foot: foot)
            return archived
        }
        for place in places { try folder.settle(place) }
        try await folder.replace(ArchivePath.manifest, by: ArchivePath.newManifest)
        for path in replaced { try await folder.remove(path) }
        try await folder.remove(ArchivePath.journal)
        archived.export = number
        written = ArchivePlace(path: folder.place, export: number, at: now, extents: extents, foot: foot)
        return archived
    }

    private func begin(_ head: ManifestHead) throws {
        let journal = try folder.create(ArchivePath.journal)
        try journal.write(head.text)
        try journal.settle()
    }

    /// Whether a report has to be written again. Reads all of it, and holds it against the manifest.
    private func look(
        _ entry: ManifestEntry, _ person: ErasedPerson, _ archived: inout ReportErasure.Outcome.Archived,
        _ outcome: inout ReportErasure.Outcome
    ) async throws -> Bool {
        var isToBeChanged = false
        var isErased = false
        try await ArchivedReport(folder: folder, entry: entry).read { document in
            let edited =
                person.isIn(document.document) ? person.erasure.edited(document.document, document.kind) : nil
            if edited != nil { isToBeChanged = true }
            let after = edited ?? document.document
            if !document.kind.isChunk, person.isErased(from: after) { isErased = true }
            person.noteLeft(after, document.kind, entry.id, &outcome)
        }
        if isErased { archived.reports.insert(entry.id) }
        return isToBeChanged
    }

    /// Its text alone; what is beside it stays.
    private func write(_ entry: ManifestEntry, _ person: ErasedPerson, _ number: Int) async throws -> ManifestEntry {
        guard
            let path = ArchivePath.report(
                entry.id, in: entry.place, export: number, run: folder.run, isSealed: folder.isSealing)
        else {
            throw ArchiveTrouble("\(entry.text.path): can't be named anew")
        }
        let output = try folder.create(path)
        var writer: ReportTextWriter?
        try await ArchivedReport(folder: folder, entry: entry).read { archived in
            let edited = person.erasure.edited(archived.document, archived.kind)
            if archived.kind == .record {
                writer = ReportTextWriter(id: entry.id, record: edited ?? archived.document)
            } else if let edited {
                writer?.append(edited, archived.kind)
            } else {
                writer?.append(unchanged: archived)
            }
            if let pending = writer?.pending, pending > 1 << 20, let text = writer?.take() { try output.write(text) }
        }
        writer?.finish()
        if let text = writer?.take() { try output.write(text) }
        let file = try output.finish()
        try await folder.settle(output)
        return ManifestEntry(id: entry.id, text: file, files: entry.files)
    }
}
