import ChannelServers
import ClusterSupport

/// When a courier is ended: just before the other side hears something, when it has heard half of it, or when it has
/// answered.
enum KillMoment: String, CaseIterable, Sendable {
    case before, half, after
}

/// At which of the things said, and when.
struct KillPoint: Sendable {
    var number: Int
    var moment: KillMoment
}

/// Ends a courier at one of the moments of a delivery.
protocol Killer: Sendable {
    /// Those that it can tell apart.
    var moments: [KillMoment] { get }
    /// Counts anew from now, and ends the courier at that point, once; without a point it ends nobody.
    func begin(_ point: KillPoint?, of courier: CourierProcess) async throws
    /// How many things were said since, and whether the courier was ended.
    func standing() async throws -> (seen: Int, hasFired: Bool)
    /// Ends nobody any more.
    func disarm() async throws
    func stop()
}

/// The server of the tests ends who asks, at one of its requests.
struct GraphKiller: Killer {
    let world: GraphServer.World

    var moments: [KillMoment] { KillMoment.allCases }

    func begin(_ point: KillPoint?, of courier: CourierProcess) async throws {
        try await world.count(killing: point.map { (courier.pid, $0.number, $0.moment.rawValue) })
    }

    func standing() async throws -> (seen: Int, hasFired: Bool) {
        let state = try await world.state()
        return (state.counted, state.hasKilled)
    }

    func disarm() async throws { try await world.count() }

    func stop() {}
}
