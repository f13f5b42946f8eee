import Synchronization

/// Lets a limited number through at once; the others wait, group by group in turn: a group with thousands in line delays
/// another's only waiter by no more than one of its own.
public final class FairTurns: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var lastWaiter: UInt64 = 0
        var lines: [String: [Waiter]] = [:]
        /// Groups with somebody in line, whose turn is next first.
        var order: [String] = []

        mutating func next() -> Waiter? {
            guard !order.isEmpty else { return nil }
            let group = order.removeFirst()
            guard var line = lines[group], !line.isEmpty else { return next() }
            let waiter = line.removeFirst()
            lines[group] = line.isEmpty ? nil : line
            if !line.isEmpty { order.append(group) }
            return waiter
        }
    }

    private let state: Mutex<State>

    public init(_ count: Int) { state = Mutex(State(free: count)) }

    /// How many are in line.
    public var waiting: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }

    /// Returns when it is the caller's turn, who then gives it back; throws where the task is cancelled before.
    public func take(for group: String) async throws(CancellationError) {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    // Cancellation sets the task's flag before it runs the handler below, so one of the two sees it.
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    if state.lines[group] == nil { state.order.append(group) }
                    state.lines[group, default: []].append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.lines[group]?.firstIndex(where: { $0.id == id }) else { return nil }
                let waiter = state.lines[group]?.remove(at: index)
                if state.lines[group]?.isEmpty == true {
                    state.lines[group] = nil
                    state.order.removeAll { $0 == group }
                }
                return waiter
            }
            waiter?.continuation.resume(returning: false)
        }
        if !isTaken { throw CancellationError() }
    }

    public func giveBack() {
        let next = state.withLock { state -> Waiter? in
            let waiter = state.next()
            if waiter == nil { state.free += 1 }
            return waiter
        }
        next?.continuation.resume(returning: true)
    }
}

/// Lets a fixed number of callers go on at once; the others wait, in the order in which they came.
public struct Turns: Sendable {
    // One group's line is in order.
    private let turns: FairTurns

    public init(_ count: Int) { turns = FairTurns(count) }

    /// Returns when it is the caller's turn, who then gives it back; throws where the task is cancelled before.
    public func take() async throws(CancellationError) { try await turns.take(for: "") }

    public func giveBack() { turns.giveBack() }
}
