import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport

/// A run's script: what is asked for, what becomes of it, and what people do meanwhile.
struct Scenario: Sendable, CustomStringConvertible {
    enum Event: Hashable, Sendable {
        case cancel
        /// Takes a cancellation back.
        case resume
        case raiseAttempt(Int)
        case delete
        /// Someone else deletes the Jobs that go on.
        case loseJobs
        /// Someone deletes what was to be sent.
        case loseDeliveries
    }

    let description: String
    var pipeline: PipelineSpec
    var script: SimulatedCluster.Script
    /// By the step before which they happen.
    var events: [Int: [Event]]
    var seed: UInt64

    init(
        _ description: String, _ pipeline: PipelineSpec, _ script: SimulatedCluster.Script = .init(),
        events: [Int: [Event]] = [:], seed: UInt64 = 1
    ) {
        self.description = description
        self.pipeline = pipeline
        self.script = script
        self.events = events
        self.seed = seed
    }

    static let steps = 90
    static let uid = "5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11"

    var cluster: SimulatedCluster { cluster { _ in nil } }

    func cluster(faults: @escaping @Sendable (APICall) -> APIFault?) -> SimulatedCluster {
        let cluster = SimulatedCluster(script: script, seed: seed, faults: faults)
        for channel in script.channels ?? [] { try? cluster.server.insert(channel) }
        cluster.submit(.fixture(pipeline, uid: Self.uid).unseen)
        return cluster
    }

    func happen(in cluster: SimulatedCluster, before step: Int) {
        for event in events[step] ?? [] {
            switch event {
            case .cancel: cluster.edit(Self.uid, ["cancel": .bool(true)])
            case .resume: cluster.edit(Self.uid, ["cancel": .bool(false)])
            case .raiseAttempt(let attempt): cluster.edit(Self.uid, ["attempt": .integer(Int64(attempt))])
            case .delete: cluster.delete(Self.uid)
            case .loseJobs: cluster.loseJobs()
            case .loseDeliveries: cluster.loseDeliveries()
            }
        }
    }

    /// The undisturbed run; `visit` sees the cluster after each write, `settled` after each round.
    func run(
        on start: SimulatedCluster? = nil,
        visit: (SimulatedCluster) -> Void = { _ in }, settled: (SimulatedCluster) -> Void = { _ in }
    ) async -> SimulatedCluster {
        var cluster = start ?? cluster
        var simulated = SimulatedOperator(on: cluster)
        for step in 0..<Self.steps {
            happen(in: cluster, before: step)
            await simulated.settle(&cluster, visit: visit)
            settled(cluster)
            if isOver(cluster, after: step) { break }
            cluster.step()
        }
        return cluster
    }

    /// Lets the run go on undisturbed from where the cluster is.
    func finish(_ cluster: inout SimulatedCluster, _ simulated: inout SimulatedOperator) async {
        await simulated.settle(&cluster)
        let limit = cluster.steps + Self.steps
        while cluster.steps < limit, !isOver(cluster, after: cluster.steps) {
            cluster.step()
            happen(in: cluster, before: cluster.steps)
            await simulated.settle(&cluster)
        }
    }

    /// Whether someone else deletes Jobs: one that isn't on the record yet is then made again.
    var isMeddledWith: Bool { events.values.contains { $0.contains(.loseJobs) || $0.contains(.loseDeliveries) } }

    func isOver(_ cluster: SimulatedCluster, after step: Int) -> Bool {
        guard !events.keys.contains(where: { $0 > step }) else { return false }
        guard let request = cluster.request(Self.uid) else { return true }
        guard request.status?.isTerminal == true else { return false }
        let finalizers = request.metadata.finalizers
        if finalizers.contains(ReportsAPI.Finalizer.sharedLock) { return false }
        if script.channels != nil, request.status?.awaitsDeliveries == true { return false }
        guard script.hasStore else { return true }
        return request.metadata.isDeleting
            ? !finalizers.contains(ReportsAPI.Finalizer.record) : request.isRecordedForGood
    }
}

extension Scenario {
    static let pipelines: [(String, PipelineSpec)] = [
        ("single", .chain("extract")), ("chain", .chain("extract", "transform", "load")), ("diamond", .diamond),
        ("wide", .wide("a", "b", "c")),
    ]

    /// Every shape with every end, for one seed.
    static func all(seed: UInt64) -> [Scenario] {
        pipelines.flatMap { name, pipeline in
            ends(of: pipeline).map { end in
                Scenario("\(name) \(end) (seed \(seed))", end.pipeline, end.script, events: end.events, seed: seed)
            }
        }
    }

    private static func ends(of pipeline: PipelineSpec) -> [Scenario] {
        let names = pipeline.stages.map(\.name)
        var ends = [
            Scenario("succeeds", pipeline), Scenario("succeeds with a workspace", pipeline.workspace()),
        ]
        for (index, name) in names.enumerated() {
            let kinds: [SimulatedCluster.Outcome] = [.exits(3), .isKilledForMemory, .isEvicted]
            let fails = SimulatedCluster.Script(outcomes: [name: kinds[index % 3]], laterOutcomes: [name: .succeeds])
            let hangs = SimulatedCluster.Script(outcomes: [name: .hangs], laterOutcomes: [name: .succeeds])
            ends += [
                Scenario("fails at \(name)", pipeline, fails),
                Scenario("fails at \(name), then succeeds", pipeline, fails, events: [36: [.raiseAttempt(2)]]),
                Scenario(
                    "can't start \(name), then succeeds",
                    pipeline.stage(name) { $0.startTimeout = ReportDuration("30s") },
                    .init(outcomes: [name: .cannotPull], laterOutcomes: [name: .succeeds]),
                    events: [40: [.raiseAttempt(2)]]),
                Scenario("hangs at \(name), times out", pipeline.timeout("40s"), hangs),
                Scenario(
                    "hangs at \(name), the stage times out", pipeline.stage(name) { $0 = $0.timeout("20s") }, hangs),
                Scenario("hangs at \(name), is cancelled", pipeline, hangs, events: [25: [.cancel]]),
                Scenario(
                    "hangs at \(name), is cancelled, resumes", pipeline, hangs,
                    events: [25: [.cancel], 36: [.resume, .raiseAttempt(2)]]),
                Scenario(
                    "can't pull \(name)", pipeline.stage(name) { $0 = $0.timeout("40s") },
                    .init(outcomes: [name: .cannotPull])),
                Scenario("is refused \(name)", pipeline, .init(refused: [name])),
                Scenario("waits for \(name)", pipeline, .init(postponed: [name: 20])),
            ]
        }
        ends += outside(of: pipeline)
        for step in [0, 1, 3, 6, 10, 15] {
            ends += [
                Scenario("is cancelled at \(step)", pipeline, events: [step: [.cancel]]),
                Scenario("is deleted at \(step)", pipeline, events: [step: [.delete]]),
                Scenario("loses its Jobs at \(step)", pipeline, events: [step: [.loseJobs]]),
                Scenario(
                    "is cancelled at \(step), resumed at once", pipeline,
                    events: [step: [.cancel], step + 1: [.resume, .raiseAttempt(2)]]),
            ]
        }
        return ends
    }

    /// Every shape with a courier, for one seed.
    static func sending(seed: UInt64) -> [Scenario] {
        pipelines.flatMap { name, pipeline in
            sending(pipeline).map { end in
                Scenario("\(name) \(end) (seed \(seed))", end.pipeline, end.script, events: end.events, seed: seed)
            }
        }
    }

    /// By the pipeline's list, and by a default channel.
    private static func sending(_ pipeline: PipelineSpec) -> [Scenario] {
        let first = pipeline.stages[0].name
        let listed = pipeline.with { pipeline in
            pipeline.deliver = [
                DeliverSpec(channel: "mail", to: ["dana@example.com"]),
                DeliverSpec(channel: "mail", to: ["lee@example.com"], when: .failed),
                DeliverSpec(channel: "archive", when: .always),
            ]
        }
        var script = SimulatedCluster.Script()
        script.channels = [.mail(), .folder(isDefault: true)]
        script.hasStore = true
        var fails = script
        fails.outcomes = [first: .exits(3)]
        fails.laterOutcomes = [first: .succeeds]
        fails.sends = ["archive": .failed]
        var away = script
        away.storeIsAway = 3..<30
        var unrecorded = script
        unrecorded.hasStore = false
        return [
            Scenario("delivers", listed, script), Scenario("delivers by default", pipeline, script),
            Scenario("tells that it failed", listed, fails),
            Scenario("tells that it failed, then delivers", listed, fails, events: [40: [.raiseAttempt(2)]]),
            Scenario("delivers, is deleted", listed, away, events: [20: [.delete]]),
            Scenario("is deleted and delivers nothing", listed, unrecorded, events: [2: [.delete]]),
            Scenario("is cancelled, delivers", listed, script, events: [3: [.cancel]]),
            Scenario("loses its deliveries", listed, script, events: [12: [.loseDeliveries], 14: [.loseDeliveries]]),
        ]
    }

    /// With a record, and with the lock that clusters share.
    private static func outside(of pipeline: PipelineSpec) -> [Scenario] {
        let shared = pipeline.concurrency(scope: .shared)
        var script = SimulatedCluster.Script()
        script.hasStore = true
        var away = script
        away.storeIsAway = 3..<30
        var both = away
        both.hasLock = true
        both.lockIsTakenUntil = 6
        var fails = both
        fails.outcomes = [pipeline.stages[0].name: .exits(3)]
        fails.laterOutcomes = [pipeline.stages[0].name: .succeeds]
        var expecting = pipeline
        expecting.expect = ExpectSpec(rows: true)
        var empty = script
        empty.rows = 0
        var unread = script
        unread.storeIsAway = 3..<60
        return [
            Scenario("publishes the rows that it has to", expecting, script),
            Scenario("publishes them while MongoDB is away", expecting, unread),
            Scenario("publishes nothing and has to", expecting, empty, events: [30: [.raiseAttempt(2)]]),
            Scenario("waits for its rows until its time is over", expecting.timeout("60s"), unread),
            Scenario("is recorded", pipeline, script),
            Scenario("is recorded late", pipeline, away),
            Scenario("is recorded, then deleted", pipeline, script, events: [20: [.delete]]),
            Scenario("is deleted while the record is away", pipeline, away, events: [6: [.delete]]),
            Scenario("has the shared lock", shared, both),
            Scenario("fails with the shared lock, then succeeds", shared, fails, events: [40: [.raiseAttempt(2)]]),
            Scenario("is cancelled while it waits for the shared lock", shared, both, events: [4: [.cancel]]),
            Scenario("is deleted with the shared lock", shared, both, events: [10: [.delete]]),
        ]
    }
}
