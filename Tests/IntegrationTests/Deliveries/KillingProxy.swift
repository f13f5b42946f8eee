import ClusterSupport
import Foundation
import LoopbackSupport
import Synchronization

/// Stands before a server and ends who talks to it at one of the moments that count: just before the server hears, or when
/// it has answered.
final class KillingProxy: Killer {
    private struct State {
        var seen = 0
        /// At which of them, and when.
        var target: KillPoint?
        var awaitsAnswer = false
        var hasFired = false
    }

    private let state = Mutex(State())
    private let listener = LoopbackListener()
    private let victim = Mutex<(@Sendable () -> Void)?>(nil)

    /// `counts`: whether what the client says is such a moment.
    init(toPort port: Int, counts: @escaping @Sendable (Data) -> Bool) {
        listener.start { [self] client in
            guard let server = LoopbackConnection.open(toPort: port) else { return client.close() }
            server.relay(
                with: client,
                changing: { data in
                    guard counts(data) else { return data }
                    return note() ? Data() : data
                },
                answering: { data in
                    let isTime = state.withLock { state in
                        defer { state.awaitsAnswer = false }
                        return state.awaitsAnswer
                    }
                    if isTime { fire() }
                    return data
                })
            server.close()
        }
    }

    var port: Int { listener.port }

    var moments: [KillMoment] { [.before, .after] }

    func begin(_ point: KillPoint?, of courier: CourierProcess) {
        victim.withLock { $0 = { courier.crash() } }
        state.withLock { $0 = State(target: point) }
    }

    func standing() -> (seen: Int, hasFired: Bool) { state.withLock { ($0.seen, $0.hasFired) } }

    func disarm() { state.withLock { $0.target = nil } }

    func stop() { listener.stop() }

    /// - Returns: whether what was said is to be lost.
    private func note() -> Bool {
        let isNow = state.withLock { state -> Bool in
            state.seen += 1
            guard let target = state.target, state.seen == target.number, !state.hasFired else { return false }
            if target.moment == .after { state.awaitsAnswer = true }
            return target.moment == .before
        }
        if isNow { fire() }
        return isNow
    }

    private func fire() {
        state.withLock { $0.hasFired = true }
        victim.withLock { $0 }?()
    }
}
