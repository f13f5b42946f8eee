import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Synchronization

/// A source whose answers a test gives, one for each request and in order. What was asked stands in `requests`.
///
/// When the script is at its end, the next request waits until the reflector is cancelled.
final class ScriptedSource: ListerWatcher {
    typealias Events = AsyncThrowingStream<WatchEvent<Job>, any Error>

    enum Request: Hashable, Sendable {
        case list(ListRequest.Version)
        case watch(String)
    }

    enum Answer: Sendable {
        case page(ListPage<Job>)
        case events([WatchEvent<Job>], End)
        case failure(KubernetesError)
    }

    enum End: Sendable {
        case inOrder
        case broken(KubernetesError)
        /// Stays open.
        case never
        /// Time passes, then the connection breaks.
        case after(Duration, KubernetesError?)
    }

    let requests = Log<Request>()
    /// The page sizes of the lists.
    let limits = Log<Int>()
    private let answers: Mutex<[Answer]>
    private let passTime: @Sendable (Duration) -> Void
    let serverReturn: ServerReturn?

    init(
        _ answers: [Answer], serverReturn: ServerReturn? = nil,
        passTime: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.answers = Mutex(answers)
        self.serverReturn = serverReturn
        self.passTime = passTime
    }

    func list(_ request: ListRequest) async throws(KubernetesError) -> ListPage<Job> {
        requests.append(.list(request.version))
        limits.append(request.limit)
        switch nextAnswer() {
        case .page(let page): return page
        case .failure(let error): throw error
        case .events: preconditionFailure("The script has events where a list was asked for")
        case nil: throw await cancelled()
        }
    }

    func watch(_ request: WatchRequest) async throws(KubernetesError) -> Events {
        requests.append(.watch(request.resourceVersion))
        switch nextAnswer() {
        case .page: preconditionFailure("The script has a page where a watch was asked for")
        case .failure(let error): throw error
        case .events(let events, let end): return stream(events, end)
        case nil: return stream([], .never)
        }
    }

    private func nextAnswer() -> Answer? {
        answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    private func stream(_ events: [WatchEvent<Job>], _ end: End) -> Events {
        let (stream, continuation) = Events.makeStream()
        for event in events { continuation.yield(event) }
        switch end {
        case .inOrder: continuation.finish()
        case .broken(let error): continuation.finish(throwing: error)
        case .never: break
        case .after(let duration, let error):
            // The stream is read lazily, and it's the reader for whom the time passes.
            let rest = Mutex(events)
            let passTime = passTime
            return Events {
                if let event = rest.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return event }
                passTime(duration)
                if let error { throw error }
                return nil
            }
        }
        return stream
    }

    private func cancelled() async -> KubernetesError {
        let never = AsyncStream<Never> { _ in }
        for await _ in never {}
        return KubernetesError(kind: .cancelled)
    }
}

extension ScriptedSource.Answer {
    /// A list's only page.
    static func list(_ jobs: [Job], version: Int) -> Self {
        .page(ListPage(items: jobs, resourceVersion: "\(version)"))
    }

    static func page(_ jobs: [Job], version: Int, continue token: String) -> Self {
        .page(ListPage(items: jobs, resourceVersion: "\(version)", continue: token))
    }
}

extension KubernetesError {
    static func http(_ code: Int, _ reason: String, message: String? = nil, retryAfter: Int? = nil) -> KubernetesError {
        KubernetesError(.http(code, reason, message: message, retryAfter: retryAfter))
    }

    static let refused = KubernetesError(
        kind: .transport(.init(message: "connection refused", isRetryable: true, mayHaveReachedServer: false)))

    static let tooLarge = KubernetesError(
        kind: .transport(
            .init(message: "too large", isRetryable: false, mayHaveReachedServer: true, isTooLarge: true)))
}

extension APIStatus {
    static func http(_ code: Int, _ reason: String, message: String? = nil, retryAfter: Int? = nil) -> APIStatus {
        APIStatus(
            message: message ?? reason, reason: reason, code: code,
            details: Details(retryAfterSeconds: retryAfter))
    }
}
