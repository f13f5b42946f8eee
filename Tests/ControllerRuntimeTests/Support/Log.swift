import Synchronization

/// What happened, in order, and a way to wait until there is more of it.
final class Log<Entry: Sendable>: Sendable {
    private struct Waiter {
        var id: Int
        var isMet: @Sendable ([Entry]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var entries: [Entry] = []
        var lastWaiter = 0
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock { $0.entries } }

    func append(_ entry: Entry) {
        let met = state.withLock { state in
            state.entries.append(entry)
            let entries = state.entries
            let met = state.waiters.filter { $0.isMet(entries) }
            state.waiters.removeAll { waiter in met.contains { $0.id == waiter.id } }
            return met
        }
        for waiter in met { waiter.continuation.resume() }
    }

    /// Returns once the entries meet the condition, or when the test's time is up and its task is cancelled.
    func wait(until isMet: @escaping @Sendable ([Entry]) -> Bool) async {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if Task.isCancelled || isMet(state.entries) { return true }
                    state.waiters.append(Waiter(id: id, isMet: isMet, continuation: continuation))
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let position = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: position)
            }
            waiter?.continuation.resume()
        }
    }

    func wait(count: Int) async {
        await wait { $0.count >= count }
    }
}
