import Foundation
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// What holds of all schedules, whatever crashes or is seen late. Over a sample of all crashes; over every one of them, which
/// takes minutes, with `SCENARIOS=all swift test`.
struct ScheduleScenarioTests {
    static let scenarios = ScheduleScenario.all
    static let isComplete = ProcessInfo.processInfo.environment["SCENARIOS"] == "all"

    /// One scenario in three, others for each `part`.
    static func third(_ part: Int) -> [ScheduleScenario] {
        isComplete ? scenarios : scenarios.enumerated().filter { $0.offset % 3 == part }.map(\.element)
    }

    /// One in `count` of all crashes, others for each scenario.
    private func share(_ count: Int, of crashes: [Crash], _ scenario: ScheduleScenario) -> [Crash] {
        if Self.isComplete { return crashes }
        let first = scenario.description.utf8.reduce(0) { $0 &+ Int($1) } % count
        return stride(from: first, to: crashes.count, by: count).map { crashes[$0] }
    }

    @Test(arguments: scenarios)
    func everyLifeComesToRestAndBreaksNothing(scenario: ScheduleScenario) async throws {
        var cluster = scenario.cluster
        var simulated = try await ScheduleOperator(on: cluster)
        await scenario.finish(&cluster, &simulated)
        expectRest(cluster, "\(scenario)")
        #expect(!cluster.inspector.creations.isEmpty)
    }

    /// A crash after each write, and what a fresh start makes of it.
    @Test(arguments: third(0))
    func everyCrashSettlesToTheSameEnd(scenario: ScheduleScenario) async throws {
        let (end, crashes) = try await lifeAndItsCrashes(scenario)
        for crash in share(23, of: crashes, scenario) {
            var cluster = crash.cluster
            var restarted = try await ScheduleOperator(on: cluster)
            await scenario.finish(&cluster, &restarted)
            expectRest(cluster, "\(scenario), \(crash)")
            #expect(Summary(cluster) == Summary(end), "\(scenario), \(crash)")
        }
    }

    /// Somebody deletes the requests while the operator is away, after whatever it did last: none is made again.
    @Test(arguments: third(1))
    func requestsDeletedDuringAnOutageStayDeleted(scenario: ScheduleScenario) async throws {
        let crashes = try await lifeAndItsCrashes(scenario).crashes
        for crash in share(67, of: crashes, scenario) {
            var cluster = crash.cluster
            cluster.happen(.deleteRequests)
            var restarted = try await ScheduleOperator(on: cluster)
            await scenario.finish(&cluster, &restarted)
            expectRest(cluster, "\(scenario), \(crash)")
        }
    }

    /// The operator is away for three minutes after the crash.
    @Test(arguments: third(2))
    func ticksOfAnOutageAreServedOnce(scenario: ScheduleScenario) async throws {
        let crashes = try await lifeAndItsCrashes(scenario).crashes
        for crash in share(71, of: crashes, scenario) {
            var cluster = crash.cluster
            for _ in 0..<9 {
                cluster.step()
                scenario.happen(in: &cluster, before: cluster.steps)
            }
            var restarted = try await ScheduleOperator(on: cluster)
            await scenario.finish(&cluster, &restarted)
            expectRest(cluster, "\(scenario), \(crash)")
        }
    }

    @Test(arguments: isComplete ? 1...40 : 1...2)
    func staleObservationsAndCrashesDoNoHarm(seed: UInt64) async throws {
        for scenario in Self.third(Int(seed) % 3) {
            var random = SeededGenerator(seed: seed)
            for byte in scenario.description.utf8 { random.mix(byte) }
            var cluster = scenario.cluster
            var simulated = try await ScheduleOperator(on: cluster)
            while cluster.steps < ScheduleScenario.steps {
                for _ in 0..<Int(random.next() % 6) {
                    let lags = (0..<4).map { _ in Int(random.next() % 10) }
                    let crashes = random.next() % 8 == 0
                    await simulated.pass(
                        &cluster, lags: lags, writes: crashes ? Int(random.next() % 3) : .max)
                    if crashes { simulated = try await ScheduleOperator(on: cluster) }
                }
                cluster.step()
                scenario.happen(in: &cluster, before: cluster.steps)
            }
            await scenario.finish(&cluster, &simulated)
            expectRest(cluster, "\(scenario), seed \(seed)")
        }
    }

    // MARK: What is expected

    private struct Crash: CustomStringConvertible {
        let cluster: ScheduleCluster
        let description: String
    }

    private func lifeAndItsCrashes(
        _ scenario: ScheduleScenario
    ) async throws -> (end: ScheduleCluster, crashes: [Crash]) {
        var crashes: [Crash] = []
        var cluster = scenario.cluster
        var simulated = try await ScheduleOperator(on: cluster)
        await scenario.finish(&cluster, &simulated) { moment in
            crashes.append(Crash(cluster: moment, description: "crash at \(moment.steps) after write \(crashes.count)"))
        }
        #expect(!crashes.isEmpty)
        return (cluster, crashes)
    }

    /// Nothing was broken, and all is told and cleared away.
    private func expectRest(_ cluster: ScheduleCluster, _ what: String) {
        #expect(cluster.violations == [], "\(what)")
        #expect(cluster.ticks.isEmpty, "\(what)")
        let requests = cluster.requests
        #expect(!requests.contains { $0.metadata.finalizers.contains(ReportsAPI.Finalizer.tick) }, "\(what)")
        let made = requests.filter { $0.metadata.labels[ReportsAPI.Label.tickUID] != nil }
        #expect(made.allSatisfy { $0.status?.isTerminal == true }, "\(what)")
        for request in made {
            let tick = request.metadata.labels[ReportsAPI.Label.tickUID] ?? ""
            guard request.metadata.labels[ReportsAPI.Label.replaced] != nil else { continue }
            #expect(cluster.deletedByOthers.contains(tick), "\(what)")
        }
        guard let schedule = cluster.schedule, let history = schedule.spec.value?.history else { return }
        #expect(made.count { $0.status?.phase == .succeeded } <= history.succeeded ?? 3, "\(what)")
        #expect(made.count { $0.status?.phase != .succeeded } <= history.failed ?? 3, "\(what)")
        #expect(schedule.status?.active == nil && schedule.status?.activeCount == 0, "\(what)")
        #expect(schedule.status?.ready?.isTrue == true, "\(what)")
        #expect(cluster.cronJob?.spec.suspend == true, "\(what)")
    }
}

/// What is compared of two ends: everything but versions.
private struct Summary: Equatable {
    let status: ReportScheduleStatus?
    let cronJob: CronJob.Spec?
    let requests: [String]
    let ends: [String: String]

    init(_ cluster: ScheduleCluster) {
        status = cluster.schedule?.status
        cronJob = cluster.cronJob?.spec
        requests = cluster.requests.map(\.metadata.name).sorted()
        ends = cluster.inspector.ends
    }
}
