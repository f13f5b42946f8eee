import BSON
import ReportArchive
import ReportStores

/// Writes a report's rows and files into MongoDB as they are read, a few at a time; what is there already stays.
struct GoodsWriting {
    private let store: ArchiveStore
    /// Called before each write; what it throws ends the work there, as a crash would. For tests.
    private let onWrite: (@Sendable () throws -> Void)?
    private var rows = Pending()
    private var file: ArchivedDocument?
    private var isThere = false
    private var chunks = Pending()
    private(set) var written = 0
    private(set) var kept = 0

    /// How much waits to be written at most.
    private static let batch = (documents: 64, bytes: 4 << 20)

    init(_ store: ArchiveStore, onWrite: (@Sendable () throws -> Void)?) {
        self.store = store
        self.onWrite = onWrite
    }

    /// Whether it is of those that this writes.
    static func takes(_ kind: ArchiveKind) -> Bool {
        switch kind {
        case .rows, .file, .stageFile, .chunk, .stageChunk: true
        case .record, .event, .log, .delivery, .result: false
        }
    }

    mutating func take(_ archived: ArchivedDocument) async throws {
        switch archived.kind {
        case .rows:
            rows.append(archived.document)
            if rows.isFull { try await insert(rows.take(), .rows) }
        case .file, .stageFile:
            try await finishFile()
            file = archived
            isThere = try await store.hasFile(archived)
        case .chunk, .stageChunk:
            guard !isThere else { return kept += 1 }
            chunks.append(archived.document)
            if chunks.isFull { try await insert(chunks.take(), archived.kind) }
        case .record, .event, .log, .delivery, .result: break
        }
    }

    mutating func finish() async throws {
        try await insert(rows.take(), .rows)
        try await finishFile()
    }

    /// The document that makes its chunks a file comes last.
    private mutating func finishFile() async throws {
        guard let file, let kind = file.kind.chunks else { return }
        self.file = nil
        guard !isThere else { return kept += 1 }
        try await insert(chunks.take(), kind)
        try await insert([file.document], file.kind)
    }

    private mutating func insert(_ documents: [BSONDocument], _ kind: ArchiveKind) async throws {
        guard !documents.isEmpty else { return }
        try onWrite?()
        let done = try await store.insert(documents, kind)
        written += done.written
        kept += done.kept
    }

    /// Documents that wait to be written together.
    private struct Pending {
        private var documents: [BSONDocument] = []
        private var size = 0

        var isFull: Bool { documents.count >= GoodsWriting.batch.documents || size >= GoodsWriting.batch.bytes }

        mutating func append(_ document: BSONDocument) {
            documents.append(document)
            size += document.bytes.count
        }

        mutating func take() -> [BSONDocument] {
            defer { self = Pending() }
            return documents
        }
    }
}
