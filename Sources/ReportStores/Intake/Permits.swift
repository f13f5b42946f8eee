import Synchronization

/// A number of permits, given in the order in which they are asked for.
final class Permits: Sendable {
    private struct State {
        var free: Int
        var nextWaiter = 0
        var waiters: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        /// Whose task was cancelled before it began to wait.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Waits for one; false if the task was cancelled first.
    func take() async -> Bool {
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.contains(id) { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index).continuation
            }
            waiter?.resume(returning: false)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
        return isTaken
    }

    /// Takes what is free at once, at most so many.
    func takeFree(upTo count: Int) -> Int {
        state.withLock { state in
            let taken = min(count, state.free)
            state.free -= taken
            return taken
        }
    }

    func giveBack(_ count: Int = 1) {
        for _ in 0..<count {
            let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                if state.waiters.isEmpty {
                    state.free += 1
                    return nil
                }
                return state.waiters.removeFirst().continuation
            }
            waiter?.resume(returning: true)
        }
    }
}
