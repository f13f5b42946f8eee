import FoundationEssentials
import KubernetesModel
import ReportAPI
import Synchronization

/// When the sources of published rows were read, for callers that would rather do without than wait for MongoDB.
final class HurriedAsOf: Sendable {
    private let ask: @Sendable ([ReportRequest]) async throws -> [String: Date]
    private let patience: Duration
    private let isAsking = Mutex(false)

    /// `ask`: asks MongoDB, by uid.
    init(
        patience: Duration = .seconds(2), ask: @escaping @Sendable ([ReportRequest]) async throws -> [String: Date]
    ) {
        self.patience = patience
        self.ask = ask
    }

    /// What is known in time. While the question before isn't answered, nothing is asked.
    func times(of requests: [ReportRequest]) async -> [String: Date] {
        let unknown = requests.filter { $0.status?.phase == .succeeded && $0.status?.asOf == nil }
        guard !unknown.isEmpty,
            isAsking.withLock({ isAsking in
                defer { isAsking = true }
                return !isAsking
            })
        else { return [:] }
        let (answers, source) = AsyncStream.makeStream(of: [String: Date].self)
        Task { [self] in
            let times = (try? await ask(unknown)) ?? [:]
            isAsking.withLock { $0 = false }
            source.yield(times)
            source.finish()
        }
        let limit = Task { [patience] in
            try? await Task.sleep(for: patience)
            source.finish()
        }
        defer { limit.cancel() }
        return await answers.first { _ in true } ?? [:]
    }
}
