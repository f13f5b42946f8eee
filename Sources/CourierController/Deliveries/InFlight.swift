import FoundationEssentials
import Synchronization

/// What this process is sending now, and when it last wrote which status.
final class InFlight: Sendable {
    private struct State {
        var recipients: [String: Set<String>] = [:]
        var writtenAt: [String: Date] = [:]
    }

    private let state = Mutex(State())

    /// - Returns: false where it is under way already.
    func begin(_ recipient: String, of delivery: String) -> Bool {
        state.withLock { $0.recipients[delivery, default: []].insert(recipient).inserted }
    }

    /// - Returns: how many of the delivery's are left.
    func end(_ recipient: String, of delivery: String) -> Int {
        state.withLock { state in
            state.recipients[delivery]?.remove(recipient)
            let rest = state.recipients[delivery]?.count ?? 0
            if rest == 0 { state.recipients[delivery] = nil }
            return rest
        }
    }

    func recipients(of delivery: String) -> Set<String> { state.withLock { $0.recipients[delivery] ?? [] } }

    func noteWrite(of delivery: String, at date: Date) { state.withLock { $0.writtenAt[delivery] = date } }

    func writtenAt(_ delivery: String) -> Date? { state.withLock { $0.writtenAt[delivery] } }

    func forget(_ delivery: String) { state.withLock { $0.writtenAt[delivery] = nil } }

    var count: Int { state.withLock { $0.recipients.values.reduce(0) { $0 + $1.count } } }
}
