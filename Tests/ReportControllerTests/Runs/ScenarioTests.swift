import Foundation
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// The operator's own observer, planner, applier, router and reconciler, on an API server in this process. Over a sample of
/// all scenarios; over every one of them, which takes minutes, with `SCENARIOS=all swift test`.
struct ScenarioTests {
    /// One in `count` of all scenarios, others for each seed.
    static func share(_ count: Int, seed: UInt64) -> [Scenario] {
        if ProcessInfo.processInfo.environment["SCENARIOS"] == "all" { return Scenario.all(seed: seed) }
        return Scenario.all(seed: seed).enumerated().filter { $0.offset % count == Int(seed) % count }.map(\.element)
    }

    static let seeds: [UInt64] = [1, 2]

    @Test(arguments: seeds)
    func everyRunEndsAndBreaksNothing(seed: UInt64) async {
        for scenario in Self.share(7, seed: seed) {
            let cluster = await scenario.run()
            #expect(cluster.violations == [], "\(scenario)")
            expectEnd(cluster, scenario)
            #expect(scenario.isOver(cluster, after: cluster.steps), "\(scenario)")
        }
    }

    /// A crash after each write, and what a fresh start makes of it.
    @Test(arguments: seeds)
    func everyCrashSettlesToTheSameEnd(seed: UInt64) async {
        for scenario in Self.share(17, seed: seed) {
            var settled: [Int: Summary] = [:]
            var crashes: [SimulatedCluster] = []
            let end = await scenario.run {
                crashes.append($0)
            } settled: {
                settled[$0.steps] = Summary($0)
            }
            // Of what is deleted before it was ever seen nothing is written.
            #expect(!crashes.isEmpty || "\(scenario)".contains("deleted at 0"), "\(scenario)")
            for (index, crash) in crashes.enumerated() {
                let what: Comment = "\(scenario), crash at \(crash.steps) after write \(index)"
                var cluster = crash
                var restarted = SimulatedOperator(on: cluster)
                await restarted.settle(&cluster)
                #expect(cluster.violations == [], what)
                if let same = settled[crash.steps], same == Summary(cluster) { continue }
                await scenario.finish(&cluster, &restarted)
                #expect(cluster.violations == [], what)
                #expect(Summary(cluster).end == Summary(end).end, what)
            }
        }
    }

    /// The operator is away for a while after the crash; only runs that nobody interferes with end the same then.
    @Test(arguments: seeds)
    func everyLongOutageSettlesToTheSameEnd(seed: UInt64) async {
        for scenario in Self.share(17, seed: seed) where scenario.events.isEmpty && scenario.pipeline.timeout == nil {
            var crashes: [SimulatedCluster] = []
            let end = await scenario.run { crashes.append($0) }
            for (index, crash) in crashes.enumerated() {
                let what: Comment = "\(scenario), crash at \(crash.steps) after write \(index)"
                var cluster = crash
                for _ in 0..<7 { cluster.step() }
                var restarted = SimulatedOperator(on: cluster)
                await scenario.finish(&cluster, &restarted)
                #expect(cluster.violations == [], what)
                expectSameOutcome(cluster, end, what)
            }
        }
    }

    enum Loss: CaseIterable, Sendable { case reply, request }

    /// Each write once: the server has done it and its answer is lost, or it never arrives.
    @Test(arguments: Loss.allCases)
    func everyLostWriteIsMadeGood(loss: Loss) async {
        for scenario in Self.share(31, seed: 4) where !scenario.isMeddledWith {
            let end = await scenario.run()
            let writes = end.server.state.writes
            #expect(writes > 0, "\(scenario)")
            for number in 0..<writes {
                let what: Comment = "\(scenario), write \(number)"
                let cluster = await scenario.run(
                    on: scenario.cluster { call in
                        guard call.verb.isWrite, call.number == number else { return nil }
                        return loss == .reply ? .replyLost : .requestLost
                    })
                // Who doesn't know what became of a write meets what it has made itself.
                #expect(cluster.violations.filter { !$0.hasPrefix("on fresh caches") } == [], what)
                #expect(scenario.isOver(cluster, after: cluster.steps), what)
                guard scenario.events.isEmpty, scenario.pipeline.timeout == nil else { continue }
                expectSameOutcome(cluster, end, what)
            }
        }
    }

    /// The server turns away one request in three, of every kind.
    @Test(arguments: [APIFault.busy(), .unavailable, .conflict])
    func refusalsOfTheMomentAreOvercome(fault: APIFault) async {
        for scenario in Self.share(31, seed: 5) where !scenario.isMeddledWith {
            let end = await scenario.run()
            let cluster = await scenario.run(
                on: scenario.cluster { $0.verb.isWrite && $0.number % 3 == 1 ? fault : nil })
            #expect(cluster.violations.filter { !$0.hasPrefix("on fresh caches") } == [], "\(scenario)")
            #expect(scenario.isOver(cluster, after: cluster.steps), "\(scenario)")
            guard scenario.events.isEmpty, scenario.pipeline.timeout == nil else { continue }
            expectSameOutcome(cluster, end, "\(scenario)")
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
    func staleObservationsAndCrashesDoNoHarm(staleness: Staleness) async {
        for scenario in Self.share(17, seed: staleness.seed) where !scenario.isMeddledWith {
            var random = SeededGenerator(seed: staleness.seed)
            for byte in scenario.description.utf8 { random.mix(byte) }
            var cluster = scenario.cluster
            var simulated = SimulatedOperator(on: cluster)
            for step in 0..<Scenario.steps {
                scenario.happen(in: cluster, before: step)
                for _ in 0..<Int(random.next() % 4) {
                    let lag = Lag(
                        requests: staleness.request ? Int(random.next() % 6) : 0, jobs: Int(random.next() % 16),
                        pods: Int(random.next() % 16), deliveries: Int(random.next() % 16))
                    let crashes = random.next() % 8 == 0
                    await simulated.pass(&cluster, lag: lag, writes: crashes ? Int(random.next() % 3) : .max)
                    if crashes { simulated = SimulatedOperator(on: cluster) }
                }
                cluster.step()
                if scenario.isOver(cluster, after: step), step % 16 == 0 { break }
            }
            await scenario.finish(&cluster, &simulated)
            #expect(cluster.violations == [], "\(scenario)")
            expectEnd(cluster, scenario)
            guard scenario.events.isEmpty, scenario.pipeline.timeout == nil else { continue }
            expectSameOutcome(cluster, await scenario.run(), "\(scenario)")
        }
    }

    /// It is over, or gone with nothing that kept it.
    private func expectEnd(_ cluster: SimulatedCluster, _ scenario: Scenario) {
        let request = cluster.request(Scenario.uid)
        #expect(request == nil || request?.status?.isTerminal == true, "\(scenario)")
        if request == nil { #expect(scenario.events.values.contains { $0.contains(.delete) }, "\(scenario)") }
        #expect(!cluster.runs(Scenario.uid) || request == nil, "\(scenario)")
    }

    private func expectSameOutcome(_ cluster: SimulatedCluster, _ other: SimulatedCluster, _ what: Comment) {
        let (status, expected) = (cluster.request(Scenario.uid)?.status, other.request(Scenario.uid)?.status)
        #expect(status?.phase == expected?.phase, what)
        #expect(status?.reason == expected?.reason, what)
    }
}

/// What is compared of two clusters: everything but versions and uids.
private struct Summary: Equatable {
    let status: ReportRequestStatus?
    let jobs: [String: Job.Status]
    let pods: [String: Pod.Status]
    let claims: Set<String>
    let deliveries: [String: ReportDeliveryStatus.Phase?]

    init(_ cluster: SimulatedCluster) {
        let server = cluster.server
        status = cluster.request(Scenario.uid)?.status
        jobs = Dictionary(uniqueKeysWithValues: server.all(Job.self).map { ($0.metadata.name, $0.status ?? .init()) })
        pods = Dictionary(uniqueKeysWithValues: server.all(Pod.self).map { ($0.metadata.name, $0.status ?? .init()) })
        deliveries = Dictionary(
            uniqueKeysWithValues: server.all(ReportDelivery.self).map { ($0.metadata.name, $0.status?.phase) })
        claims = Set(server.all(PersistentVolumeClaim.self).map(\.metadata.name))
    }

    /// How the run ended, without times.
    var end: [String] {
        let stages = status?.stages ?? []
        return ["\(status?.phase?.rawValue ?? "-") \(status?.reason ?? "-") \(status?.attempt ?? 0)"]
            + stages.map { "\($0.name) \($0.phase.rawValue) \($0.reason ?? "-") \($0.exitCode ?? -1)" }
    }
}
