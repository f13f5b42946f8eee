import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What holds of all schedules, whatever crashes or is seen late. Over a sample of all crashes; over every one of them, which
/// takes minutes, with `SCENARIOS=all swift test`.
struct ScheduleScenarioTests {
    static let scenarios = ScheduleScenario.all
    static let isComplete = ProcessInfo.processInfo.environment["SCENARIOS"] == "all"

    /// One in `count` of all crashes, others for each scenario.
    private func share(_ count: Int, of crashes: [Crash], _ scenario: ScheduleScenario) -> [Crash] {
        if Self.isComplete { return crashes }
        let first = scenario.description.utf8.reduce(0) { $0 &+ Int($1) } % count
        return stride(from: first, to: crashes.count, by: count).map { crashes[$0] }
    }

    @Test(arguments: scenarios)
    func everyLifeComesToRestAndBreaksNothing(scenario: ScheduleScenario) {
        var cluster = scenario.cluster
        var fakeOperator = FakeScheduleOperator(listing: cluster)
        scenario.finish(&cluster, &fakeOperator)
        expectRest(cluster, "\(scenario)")
        #expect(!cluster.creations.isEmpty)
    }

    /// Every prefix of every plan, then a crash and a fresh observation.
    @Test(arguments: scenarios)
    func everyCrashSettlesToTheSameEnd(scenario: ScheduleScenario) {
        let (end, crashes) = lifeAndItsCrashes(scenario)
        for crash in share(41, of: crashes, scenario) {
            var cluster = crash.cluster
            var restarted = FakeScheduleOperator(listing: cluster)
            scenario.finish(&cluster, &restarted)
            expectRest(cluster, "\(scenario), \(crash)")
            #expect(Summary(cluster) == Summary(end), "\(scenario), \(crash)")
        }
    }

    /// Somebody deletes the requests while the operator is away, after whatever it did last: none is made again.
    @Test(arguments: scenarios)
    func requestsDeletedDuringAnOutageStayDeleted(scenario: ScheduleScenario) {
        for crash in share(67, of: lifeAndItsCrashes(scenario).crashes, scenario) {
            var cluster = crash.cluster
            cluster.happen(.deleteRequests)
            var restarted = FakeScheduleOperator(listing: cluster)
            scenario.finish(&cluster, &restarted)
            expectRest(cluster, "\(scenario), \(crash)")
        }
    }

    /// The operator is away for three minutes after the crash.
    @Test(arguments: scenarios)
    func ticksOfAnOutageAreServedOnce(scenario: ScheduleScenario) {
        for crash in share(71, of: lifeAndItsCrashes(scenario).crashes, scenario) {
            var cluster = crash.cluster
            for _ in 0..<9 {
                cluster.step()
                scenario.happen(in: &cluster, before: cluster.steps)
            }
            var restarted = FakeScheduleOperator(listing: cluster)
            scenario.finish(&cluster, &restarted)
            expectRest(cluster, "\(scenario), \(crash)")
        }
    }

    @Test(arguments: isComplete ? 1...40 : 1...2)
    func staleObservationsAndCrashesDoNoHarm(seed: UInt64) {
        for scenario in Self.scenarios {
            var random = SeededGenerator(seed: seed)
            for byte in scenario.description.utf8 { random.mix(byte) }
            var cluster = scenario.cluster
            var fakeOperator = FakeScheduleOperator(listing: cluster)
            while cluster.steps < ScheduleScenario.steps {
                for _ in 0..<Int(random.next() % 6) {
                    let lags = (0..<4).map { _ in Int(random.next() % 10) }
                    let crashes = random.next() % 8 == 0
                    fakeOperator.pass(&cluster, lags: lags, limit: crashes ? Int(random.next() % 3) : .max)
                    if crashes { fakeOperator = FakeScheduleOperator(listing: cluster) }
                }
                cluster.step()
                scenario.happen(in: &cluster, before: cluster.steps)
            }
            scenario.finish(&cluster, &fakeOperator)
            expectRest(cluster, "\(scenario), seed \(seed)")
        }
    }

    // MARK: What is expected

    private struct Crash: CustomStringConvertible {
        let cluster: FakeScheduleCluster
        let description: String
    }

    private func lifeAndItsCrashes(
        _ scenario: ScheduleScenario
    ) -> (end: FakeScheduleCluster, crashes: [Crash]) {
        var crashes: [Crash] = []
        var cluster = scenario.cluster
        var fakeOperator = FakeScheduleOperator(listing: cluster)
        scenario.finish(&cluster, &fakeOperator) { before, observed, plan in
            let steps = plan.actions.count + (plan.status == nil ? 0 : 1) + plan.retries.count
            for limit in 0..<steps {
                var crashed = before
                _ = crashed.carryOut(plan, seen: observed, limit: limit)
                crashes.append(Crash(cluster: crashed, description: "crash at \(before.steps) after \(limit)"))
            }
        }
        return (cluster, crashes)
    }

    /// Nothing was broken, and all is told and cleared away.
    private func expectRest(_ cluster: FakeScheduleCluster, _ what: String) {
        #expect(cluster.violations == [], "\(what)")
        #expect(cluster.world.ticks.isEmpty, "\(what)")
        let requests = cluster.world.requests.values.map(\.object)
        #expect(!requests.contains { $0.metadata.finalizers.contains(ReportsAPI.Finalizer.tick) }, "\(what)")
        let made = requests.filter { $0.metadata.labels[ReportsAPI.Label.tickUID] != nil }
        #expect(made.allSatisfy { $0.status?.isTerminal == true }, "\(what)")
        for request in made {
            let tick = request.metadata.labels[ReportsAPI.Label.tickUID] ?? ""
            guard request.metadata.labels[ReportsAPI.Label.replaced] != nil else { continue }
            #expect(cluster.deletedAlone.contains(tick), "\(what)")
        }
        guard let schedule = cluster.world.schedule?.object, let history = schedule.spec.value?.history else { return }
        #expect(made.count { $0.status?.phase == .succeeded } <= history.succeeded ?? 3, "\(what)")
        #expect(made.count { $0.status?.phase != .succeeded } <= history.failed ?? 3, "\(what)")
        #expect(schedule.status?.active == nil && schedule.status?.activeCount == 0, "\(what)")
        #expect(schedule.status?.ready?.isTrue == true, "\(what)")
        #expect(cluster.world.cronJob?.object.spec.suspend == true, "\(what)")
    }
}

/// What is compared of two ends: everything but versions.
private struct Summary: Equatable {
    let status: ReportScheduleStatus?
    let cronJob: CronJob.Spec?
    let requests: [String]
    let ends: [String: String]

    init(_ cluster: FakeScheduleCluster) {
        status = cluster.world.schedule?.object.status
        cronJob = cluster.world.cronJob?.object.spec
        requests = cluster.world.requests.values.map { $0.object.metadata.name }.sorted()
        ends = cluster.ends
    }
}
