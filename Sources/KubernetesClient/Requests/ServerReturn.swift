import Synchronization

/// Tells when a server that couldn't be reached answers again, so that what waits for its next try needn't wait on: after an
/// outage of minutes such waits are as long.
///
/// It goes by the requests that are made anyway: the first that is answered is the return.
public final class ServerReturn: Sendable {
    private struct State {
        var isAway = false
        var count = 0
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var handlers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// How often the server has come back.
    public var count: Int { state.withLock { $0.count } }

    /// Calls the handler at each return. It must be quick.
    public func addHandler(_ handler: @escaping @Sendable () -> Void) {
        state.withLock { $0.handlers.append(handler) }
    }

    /// Returns once the server has come back more often than that, or when the task is cancelled.
    public func wait(after count: Int) async {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // Cancellation sets the task's flag before it runs the handler below, so one of the two sees it.
                    if state.count > count || Task.isCancelled { return true }
                    state.waiters[waiter] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
        }
    }

    /// Nothing came of a request: no connection, or none that lasted until the answer.
    package func noteAbsence() { state.withLock { $0.isAway = true } }

    /// The server did what it was asked. What refuses may be something else on the way to it, or not know yet who may what.
    package func noteAnswer() {
        let (waiters, handlers) = state.withLock { state in
            guard state.isAway else { return ([CheckedContinuation<Void, Never>](), [@Sendable () -> Void]()) }
            state.isAway = false
            state.count += 1
            defer { state.waiters = [:] }
            return (Array(state.waiters.values), state.handlers)
        }
        for waiter in waiters { waiter.resume() }
        for handler in handlers { handler() }
    }
}
