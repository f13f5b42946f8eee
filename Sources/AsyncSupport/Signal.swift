import Synchronization

/// A call that wakes one waiting task, or the next that comes to wait.
public final class Signal: Sendable {
    private enum State {
        case quiet
        case raised
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    public init() {}

    public func raise() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            switch state {
            case .quiet, .raised:
                state = .raised
                return nil
            case .waiting(let continuation):
                state = .quiet
                return continuation
            }
        }
        waiter?.resume()
    }

    /// Returns at the next call, or when the task is cancelled. One task may wait at a time.
    public func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    switch state {
                    case .waiting: preconditionFailure("Two tasks wait for one signal")
                    case .raised:
                        state = .quiet
                        return true
                    case .quiet:
                        if Task.isCancelled { return true }
                        state = .waiting(continuation)
                        return false
                    }
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard case .waiting(let continuation) = state else { return nil }
                state = .quiet
                return continuation
            }
            waiter?.resume()
        }
    }
}
