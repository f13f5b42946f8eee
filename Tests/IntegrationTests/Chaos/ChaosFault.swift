import ClusterSupport
import Foundation
import ServiceSupport

/// What may happen to the operator and what it needs.
enum ChaosFault: String, CaseIterable, Sendable {
    case operatorKilled = "operator killed"
    case operatorEnded = "operator ended by SIGTERM"
    case operatorFrozen = "operator frozen for 20 s"
    case courierKilled = "courier killed"
    case clockSet = "clock of the operators' machine set"
    case serverKilled = "API server killed"
    case serverHangs = "API server hangs"
    case etcdCompacted = "etcd compacted"
    case mongoKilled = "MongoDB killed"
    case mongoHangs = "MongoDB hangs"
    case redisKilled = "Redis killed"
    case redisHangs = "Redis hangs"
    case everythingAtOnce = "operator, API server, MongoDB and Redis killed at once"

    /// Those that leave our own processes alive: a leader ends where the API server is away for ten seconds.
    static let outside: [ChaosFault] = [
        .clockSet, .etcdCompacted, .mongoKilled, .mongoHangs, .redisKilled, .redisHangs, .serverKilled,
    ]

    /// Returns when it is over.
    func happen(to world: ChaosWorld, _ dice: ChaosDice) async throws {
        let services = world.outside.services
        let away = Duration.milliseconds(dice.number(in: 500...12_000))
        switch self {
        case .operatorKilled: await world.leader()?.crash()
        case .operatorEnded: _ = await world.leader()?.terminate()
        case .operatorFrozen:
            guard let leader = world.leader() else { return }
            leader.signal(SIGSTOP)
            try await Task.sleep(for: .seconds(20))
            leader.signal(SIGCONT)
        case .courierKilled: world.crashCourier()
        case .clockSet:  // Not back: the cluster's certificates are of today.
            try world.clock.set(dice.pick([3600, 0]))
        case .serverKilled:
            try await world.own.killServer()
            try await world.own.startServer()
        case .serverHangs: try await world.own.stallServer(for: away)
        case .etcdCompacted: try await world.compact()
        case .mongoKilled: try await absent(.mongodb, services, away)
        case .mongoHangs: try await hanging(.mongodb, services, away)
        case .redisKilled: try await absent(.redis, services, away)
        case .redisHangs: try await hanging(.redis, services, away)
        case .everythingAtOnce:
            await world.leader()?.crash()
            world.crashCourier()
            try await world.own.killServer()
            try await services.kill(.mongodb)
            try await services.kill(.redis)
            try await Task.sleep(for: away)
            try await services.start(.redis)
            try await services.start(.mongodb)
            try await world.own.startServer()
        }
    }

    private func absent(_ service: LiveServices.Service, _ services: LiveServices, _ away: Duration) async throws {
        try await services.kill(service)
        // Cancelled or not: it is started again.
        try? await Task.sleep(for: away)
        try await services.start(service)
    }

    private func hanging(_ service: LiveServices.Service, _ services: LiveServices, _ away: Duration) async throws {
        try await services.pause(service)
        try? await Task.sleep(for: away)
        try await services.resume(service)
    }
}
