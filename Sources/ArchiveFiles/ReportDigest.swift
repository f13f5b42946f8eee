import BSON
import Digests
import ReportArchive

/// What tells whether two sources hold the same documents of a report, in whatever order they give them.
struct ReportDigest {
    private var documents: [String] = []
    private var goodsDocuments: [String] = []

    mutating func take(_ document: BSONDocument, _ kind: ArchiveKind) {
        var digest = SHA256()
        digest.update(kind.collection.utf8)
        digest.update(CollectionOfOne(0 as UInt8))
        digest.update(document.bytes)
        let text = digest.finish()
        if GoodsWriting.takes(kind) { goodsDocuments.append(text) } else { documents.append(text) }
    }

    /// Of all of it.
    var whole: String { Self.digest(documents + goodsDocuments) }

    /// Of its rows and files alone.
    var goods: String { Self.digest(goodsDocuments) }

    private static func digest(_ texts: [String]) -> String {
        var digest = SHA256()
        for text in texts.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { digest.update(text.utf8) }
        return digest.finish()
    }
}

/// What an archive has of a report's rows and files.
struct ArchivedGoods {
    private(set) var digest = ReportDigest()
    private(set) var rows: [BSONValue] = []
    private(set) var files: [File] = []

    struct File {
        let kind: ArchiveKind
        let id: BSONValue
    }

    /// Reads all of the report, and holds it against the manifest.
    init(_ folder: ArchiveFolder, _ entry: ManifestEntry) async throws {
        try await ArchivedReport(folder: folder, entry: entry).read { archived in
            digest.take(archived.document, archived.kind)
            guard let id = archived.document["_id"] else { return }
            switch archived.kind {
            case .rows: rows.append(id)
            case .file, .stageFile: files.append(File(kind: archived.kind, id: id))
            case .record, .event, .log, .delivery, .result, .chunk, .stageChunk: break
            }
        }
    }

    var isEmpty: Bool { rows.isEmpty && files.isEmpty }
}

/// Finds the entries of reports that are asked for in the order of their ids, in one pass through the manifest.
struct ManifestWalk {
    private let manifest: ManifestFileReader
    private var waiting: ManifestEntry?

    /// Throws `ArchiveTrouble` where the folder isn't an archive.
    init(_ folder: ArchiveFolder) async throws {
        guard let manifest = try await ManifestFileReader(folder) else {
            throw ArchiveTrouble("\(folder.path): is not an archive: it has no \(ArchivePath.manifest)")
        }
        self.manifest = manifest
    }

    mutating func entry(of id: String) throws -> ManifestEntry? {
        while let entry = try waiting ?? manifest.next() {
            waiting = entry
            guard ManifestEntry.isBefore(entry.id, id) else {
                return entry.id.utf8.elementsEqual(id.utf8) ? entry : nil
            }
            waiting = nil
        }
        return nil
    }

    /// Whether the manifest is as it was written, and by whom. To be asked before it counts: reads all of it.
    static func check(_ folder: ArchiveFolder, _ key: ArchiveKey?) async throws {
        let walk = try await ManifestWalk(folder)
        while try walk.manifest.next() != nil {}
        try walk.manifest.check(key.map(ArchiveTrust.key))
    }
}
