import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Over a sample of all scenarios; over every one of them, which takes minutes, with `SCENARIOS=all swift test`.
struct ScenarioTests {
    /// One in `count` of all scenarios, others for each seed.
    static func share(_ count: Int, seed: UInt64) -> [Scenario] {
        if ProcessInfo.processInfo.environment["SCENARIOS"] == "all" { return Scenario.all(seed: seed) }
        return Scenario.all(seed: seed).enumerated().filter { $0.offset % count == Int(seed) % count }.map(\.element)
    }

    static let seeds: [UInt64] = [1, 2]

    @Test(arguments: seeds)
    func everyRunEndsAndBreaksNothing(seed: UInt64) {
        for scenario in Self.share(5, seed: seed) {
            let cluster = scenario.run()
            #expect(cluster.violations == [], "\(scenario)")
            #expect(cluster.phases[Scenario.uid]?.last?.isTerminal == true, "\(scenario)")
            #expect(scenario.isOver(cluster, after: cluster.steps), "\(scenario)")
        }
    }

    /// Every prefix of every plan, then a crash and a fresh observation.
    @Test(arguments: seeds)
    func everyCrashSettlesToTheSameEnd(seed: UInt64) {
        for scenario in Self.share(11, seed: seed) {
            var settled: [Int: Summary] = [:]
            var crashes: [(FakeCluster, ReportRequest, Int)] = []
            let end = scenario.run { before, request, steps in
                if steps == 0 { settled[before.steps] = Summary(before) }
                for limit in 0..<steps { crashes.append((before, request, limit)) }
            }
            for (before, request, limit) in crashes {
                var cluster = before
                guard let observed = cluster.observe(Scenario.uid) else { continue }
                let plan = RunPlanner.plan(observed, now: cluster.now)
                _ = cluster.carryOut(plan, seen: request, limit: limit)
                var restarted = FakeOperator(Scenario.uid, listing: &cluster)
                restarted.settle(&cluster)
                #expect(cluster.violations == [], "\(scenario), crash at \(before.steps) after \(limit)")
                if let same = settled[before.steps], same == Summary(cluster) { continue }
                scenario.finish(&cluster, &restarted)
                #expect(cluster.violations == [], "\(scenario), crash at \(before.steps) after \(limit)")
                #expect(
                    Summary(cluster).end == Summary(end).end, "\(scenario), crash at \(before.steps) after \(limit)")
            }
        }
    }

    /// The operator is away for a while after the crash; only runs that nobody interferes with end the same then.
    @Test(arguments: seeds)
    func everyLongOutageSettlesToTheSameEnd(seed: UInt64) {
        for scenario in Self.share(11, seed: seed) where scenario.events.isEmpty && scenario.pipeline.timeout == nil {
            var crashes: [(FakeCluster, Int)] = []
            let end = scenario.run { before, _, steps in
                for limit in 0..<steps { crashes.append((before, limit)) }
            }
            for (before, limit) in crashes {
                var cluster = before
                guard let observed = cluster.observe(Scenario.uid) else { continue }
                let plan = RunPlanner.plan(observed, now: cluster.now)
                _ = cluster.carryOut(plan, seen: observed.request, limit: limit)
                for _ in 0..<7 { cluster.step() }
                var restarted = FakeOperator(Scenario.uid, listing: &cluster)
                scenario.finish(&cluster, &restarted)
                #expect(cluster.violations == [], "\(scenario), crash at \(before.steps) after \(limit)")
                let status = cluster.request(Scenario.uid)?.status
                let expected = end.request(Scenario.uid)?.status
                #expect(status?.phase == expected?.phase, "\(scenario), crash at \(before.steps) after \(limit)")
                #expect(status?.reason == expected?.reason, "\(scenario), crash at \(before.steps) after \(limit)")
            }
        }
    }

    struct Staleness: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var request: Bool
        var testDescription: String { "seed \(seed)\(request ? ", the request too" : "")" }
    }

    static let staleness = (3...5).flatMap { seed in
        [Staleness(seed: seed, request: false), Staleness(seed: seed, request: true)]
    }

    @Test(arguments: staleness)
    func staleObservationsAndCrashesDoNoHarm(staleness: Staleness) {
        for scenario in Self.share(9, seed: staleness.seed) where !scenario.isMeddledWith {
            var random = SeededGenerator(seed: staleness.seed)
            for byte in scenario.description.utf8 { random.mix(byte) }
            var cluster = scenario.cluster
            var fakeOperator = FakeOperator(Scenario.uid, listing: &cluster)
            for step in 0..<Scenario.steps {
                scenario.happen(in: &cluster, before: step)
                for _ in 0..<Int(random.next() % 4) {
                    let lag = Lag(
                        request: staleness.request ? Int(random.next() % 6) : 0, jobs: Int(random.next() % 16),
                        pods: Int(random.next() % 16))
                    let crashes = random.next() % 8 == 0
                    fakeOperator.pass(&cluster, lag: lag, limit: crashes ? Int(random.next() % 3) : .max)
                    if crashes { fakeOperator = FakeOperator(Scenario.uid, listing: &cluster) }
                }
                cluster.step()
                if scenario.isOver(cluster, after: step), step % 16 == 0 { break }
            }
            scenario.finish(&cluster, &fakeOperator)
            #expect(cluster.violations == [], "\(scenario)")
            let status = cluster.request(Scenario.uid)?.status
            #expect(cluster.phases[Scenario.uid]?.last?.isTerminal == true, "\(scenario)")
            guard scenario.events.isEmpty, scenario.pipeline.timeout == nil else { continue }
            let undisturbed = scenario.run().request(Scenario.uid)?.status
            #expect(status?.phase == undisturbed?.phase, "\(scenario)")
            #expect(status?.reason == undisturbed?.reason, "\(scenario)")
        }
    }
}

/// What is compared of two clusters: everything but versions.
private struct Summary: Equatable {
    let status: ReportRequestStatus?
    let jobs: [Job]
    let pods: [FakePod]
    let claims: Set<String>

    init(_ cluster: FakeCluster) {
        status = cluster.request(Scenario.uid)?.status
        jobs = cluster.world.jobs.sorted { $0.key < $1.key }.map(\.value.job)
        pods = cluster.world.pods.sorted { $0.key < $1.key }.map(\.value)
        claims = cluster.claims
    }

    /// How the run ended, without times.
    var end: [String] {
        let stages = status?.stages ?? []
        return ["\(status?.phase?.rawValue ?? "-") \(status?.reason ?? "-") \(status?.attempt ?? 0)"]
            + stages.map { "\($0.name) \($0.phase.rawValue) \($0.reason ?? "-") \($0.exitCode ?? -1)" }
    }
}

extension Scenario {
    /// Lets the run go on undisturbed from where the cluster is.
    fileprivate func finish(_ cluster: inout FakeCluster, _ fakeOperator: inout FakeOperator) {
        fakeOperator.settle(&cluster)
        let limit = cluster.steps + Self.steps
        while cluster.steps < limit, !isOver(cluster, after: cluster.steps) {
            cluster.step()
            happen(in: &cluster, before: cluster.steps)
            fakeOperator.settle(&cluster)
        }
    }
}
