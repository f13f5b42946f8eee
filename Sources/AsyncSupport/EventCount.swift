import Synchronization

/// A count of something that happens now and then, for which others wait; an event count as Reed and Kanodia have it.
///
/// For example:
///
///     let seen = returns.value
///     await returns.wait(beyond: seen)      // the next one, also where it came in between
public final class EventCount: Sendable {
    private struct State {
        var value = 0
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public var value: Int { state.withLock { $0.value } }

    /// How many wait now.
    package var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// Counts one more; all who wait continue.
    public func advance() {
        let waiters = state.withLock { state in
            state.value += 1
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns once the count is larger than that, or when the task is cancelled.
    public func wait(beyond seen: Int) async {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // Cancellation sets the task's flag before it runs the handler below, so one of the two sees it.
                    if state.value > seen || Task.isCancelled { return true }
                    state.waiters[waiter] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
        }
    }
}
