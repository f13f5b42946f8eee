internal import FoundationEssentials
internal import GatewayAPI
internal import ReportAPI
internal import ReportPlanning
internal import ReportRecords
internal import ReportStores
internal import Synchronization

/// What is asked of the record, and remembered for a moment: many who look at one list ask MongoDB once.
final class RecordDesk: Sendable {
    /// How long a page of a list may be old. What is live is newer anyway, and takes its place in the list.
    private static let pageMemory: Duration = .seconds(1)
    private static let slowMemory: Duration = .seconds(60)

    let store: ReportStore
    private let pages = Remembered<PageQuestion, [RecordRow]>(for: pageMemory, capacity: 64)
    private let spaces = Remembered<Int, Set<String>>(for: slowMemory, capacity: 1)
    private let durations = Remembered<PipelineKey, [Int64]>(for: slowMemory, capacity: 2000)

    /// Of one publication there is one file of a format, for ever.
    let files = Remembered<FileQuestion, File>(for: slowMemory, capacity: 2000)

    init(store: ReportStore) { self.store = store }

    /// A record as a list shows it, written down.
    struct RecordRow: Sendable {
        let uid: String
        let createdAt: Date
        let bytes: [UInt8]
    }

    struct FileQuestion: Hashable {
        let place: String
        let format: OutputFormat
    }

    private struct PageQuestion: Hashable {
        let filter: [UInt8]
        let limit: Int
    }

    private struct PipelineKey: Hashable {
        let home: LiveNamespace
        let name: String
    }

    /// `limit` records and one more, where there are, the newest first. Throws `StoreTrouble`.
    func rows(_ query: ReportQuery, limit: Int, after mark: ReportPage.Mark?) async throws -> [RecordRow] {
        try await pages.value(PageQuestion(filter: query.bytes(after: mark), limit: limit)) { [store] in
            try await store.find(query, limit: limit + 1, after: mark, pinned: false).records.map { record in
                RecordRow(uid: record.uid, createdAt: record.createdAt, bytes: RequestView(record).jsonBytes)
            }
        }
    }

    /// The namespaces that there are reports of, as they were within the last minute.
    func namespaces() async throws -> Set<String> {
        try await spaces.value(0) { [store] in try await store.namespaces() }
    }

    /// Seconds that past runs of a pipeline took; none where the record can't be asked: then nothing is expected.
    func durations(ofPipeline name: String, in home: LiveNamespace) async -> [Int64] {
        let key = PipelineKey(home: home, name: name)
        return
            (try? await durations.value(key) { [store] in
                try await store.durations(ofPipeline: name, in: home, limit: RunHistory.length)
            }) ?? []
    }
}
