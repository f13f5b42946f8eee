import Synchronization

/// Lets one key at a time through for each group; the others are parked, and come back in the order they came.
///
/// Whether a run may start depends on who started before it. Two workers that looked at once would both see the place
/// free. A run that finds it closed doesn't wait there: its worker is free for what concerns other groups.
///
/// Leaving wakes the first that is parked, and the turnstile stays reserved for it until it comes:
/// to pass, or to say that it wants to pass no more.
final class Turnstile<Key: Hashable & Sendable>: Sendable {
    /// A turnstile that somebody passes, or that is reserved.
    private struct Gate {
        var parked: [Key] = []
        var members: Set<Key> = []
    }

    private struct State {
        var gates: [String: Gate] = [:]
        /// The keys that turnstiles are reserved for, and which ones.
        var reservations: [Key: String] = [:]
    }

    private let state = Mutex(State())
    /// Has a key looked at again, soon.
    private let wake: @Sendable (Key) -> Void

    init(wake: @escaping @Sendable (Key) -> Void) {
        self.wake = wake
    }

    /// Each key that is looked at comes here first, those that don't want to pass too, with nil.
    ///
    /// - Returns: whether it may go on; then it has to `leave`. Otherwise it will be woken.
    func enter(_ key: Key, group: String?) -> Bool {
        let (mayPass, next) = state.withLock { state -> (Bool, Key?) in
            var next: Key?
            if let reserved = state.reservations[key] {
                state.reservations[key] = nil
                if reserved == group { return (true, nil) }
                next = Self.handOver(reserved, &state)
            }
            guard let group else { return (true, next) }
            guard state.gates[group] != nil else {
                state.gates[group] = Gate()
                return (true, next)
            }
            if state.gates[group]?.members.insert(key).inserted == true { state.gates[group]?.parked.append(key) }
            return (false, next)
        }
        if let next { wake(next) }
        return mayPass
    }

    func leave(_ group: String?) {
        guard let group else { return }
        if let next = state.withLock({ Self.handOver(group, &$0) }) { wake(next) }
    }

    /// - Returns: the key that the turnstile is now reserved for.
    private static func handOver(_ group: String, _ state: inout State) -> Key? {
        while let gate = state.gates[group], let next = gate.parked.first {
            state.gates[group]?.parked.removeFirst()
            state.gates[group]?.members.remove(next)
            // It waits at another one, and comes here again when it gets its turn there.
            if state.reservations[next] != nil { continue }
            state.reservations[next] = group
            return next
        }
        state.gates[group] = nil
        return nil
    }
}
