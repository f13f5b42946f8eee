import AsyncSupport
import ControllerRuntime
import Logging
import PrometheusMetrics
import Synchronization

/// Failures in a row of one server outside the cluster: told once when they begin, when their kind changes and when they
/// are over, and with growing delays.
final class StoreHealth: Sendable {
    private struct State {
        var failures = 0
        var kind: String?
    }

    /// The pauses while something outside can't be reached.
    static let backoff = Backoff(first: .milliseconds(250), longest: .seconds(30))

    private let name: String
    private let metrics: StoreMetrics
    private let logger: Logger
    private let state = Mutex(State())

    init(name: String, metrics: StoreMetrics, logger: Logger) {
        self.name = name
        self.metrics = metrics
        self.logger = logger
    }

    /// - Returns: whether it is another kind of failure than the last, and how long to wait before the next try.
    @discardableResult
    func failed(_ kind: String, _ message: String) -> (isNew: Bool, pause: Duration) {
        metrics.failures.increment()
        metrics.isUp(false)
        let (isNew, failures) = state.withLock { state in
            defer {
                state.failures += 1
                state.kind = kind
            }
            return (state.kind != kind, state.failures)
        }
        if isNew { logger.warning("\(name) can't be used; it is tried again", metadata: ["error": "\(message)"]) }
        return (isNew, Self.backoff.delay(failures: failures))
    }

    /// - Returns: whether that ends an outage.
    func succeeded() -> Bool {
        let failures = state.withLock { state in
            defer { state = State() }
            return state.failures
        }
        metrics.isUp(true)
        if failures > 0 { logger.notice("\(name) can be used again", metadata: ["failures": "\(failures)"]) }
        return failures > 0
    }
}
