import AsyncSupport
import Synchronization

/// Tells when a server that couldn't be reached answers again, so that what waits for its next try needn't wait on: after an
/// outage of minutes such waits are as long.
///
/// It watches the requests that are made anyway: an answer is the return where none came for `shortest` before it, and something
/// was lost meanwhile. So one request that is lost again and again beside others that are answered is not an outage.
public final class ServerReturn: Sendable {
    /// An outage that is shorter has left nobody with a long wait.
    static let shortest = Duration.seconds(3)

    private struct State {
        /// Since when something has been lost and nothing answered.
        var awaySince: ContinuousClock.Instant?
        var handlers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let returns = EventCount()

    public init() {}

    /// How often the server has come back.
    public var count: Int { returns.value }

    /// Calls the handler at each return. It must be quick.
    public func addHandler(_ handler: @escaping @Sendable () -> Void) {
        state.withLock { $0.handlers.append(handler) }
    }

    /// Returns once the server has come back more often than that, or when the task is cancelled.
    public func wait(after count: Int) async { await returns.wait(beyond: count) }

    /// Nothing came of a request: no connection, or none that lasted until the answer.
    package func noteAbsence(at now: ContinuousClock.Instant = .now) {
        state.withLock { $0.awaySince = $0.awaySince ?? now }
    }

    /// The server did what it was asked. Refusals don't count: they may come from a proxy, or from a server that hasn't loaded its
    /// rules yet.
    package func noteAnswer(at now: ContinuousClock.Instant = .now) {
        let handlers = state.withLock { state -> [@Sendable () -> Void]? in
            defer { state.awaySince = nil }
            guard let since = state.awaySince, now - since >= Self.shortest else { return nil }
            return state.handlers
        }
        guard let handlers else { return }
        returns.advance()
        for handler in handlers { handler() }
    }
}
