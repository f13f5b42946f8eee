import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import TestSupport
import Testing
import ZoneFiles

@testable import ControllerRuntime
@testable import ReportController

/// A trigger and its alerts on an API server in this process, whose operator crashes after each of its writes, or whose answers
/// get lost.
struct TriggerScenarioTests {
    @Test func lifeMakesOneRequestOfEachFiringAndStep() async throws {
        let life = try Life()
        var simulated = TriggerOperator(on: life.server)
        try await life.run(&simulated)
        // Of a: two firings with a step each; of b the first alone, which was deleted.
        #expect(life.creations.count == 5)
        #expect(life.creations.values.allSatisfy { $0 == 1 })
        #expect(life.server.all(ReportRequest.self).count == 4)
        let recipients = life.server.all(ReportRequest.self).compactMap { $0.spec.value?.deliver?.first?.to }
        #expect(recipients == [["lead@example.com"], ["lead@example.com"]])
        let status = try #require(life.status)
        #expect(status.firing == 1 && status.ready?.isTrue == true && status.lastRequestTime == .start.after(9000))
        #expect(status.alerts?.count == 2, "what the gateway wrote stays")
        #expect(simulated.metrics.made.value == 5)
    }

    @Test func crashAfterAnyWriteMakesNoOtherRequests() async throws {
        let undisturbed = try Life()
        var crashes: [(state: APIState, step: Int)] = []
        var simulated = TriggerOperator(on: undisturbed.server)
        try await undisturbed.run(&simulated) { crashes.append(($0, $1)) }
        #expect(crashes.count > 8)
        for (state, step) in crashes {
            let life = Life(at: state)
            var restarted = TriggerOperator(on: life.server)
            try await life.run(&restarted, from: step)
            #expect(life.creations == undisturbed.creations, "crash at step \(step)")
            #expect(life.status?.served == undisturbed.status?.served, "crash at step \(step)")
        }
    }

    @Test(arguments: 0..<8) func lostAnswerOfAnyWriteMakesNoOtherRequests(lost: Int) async throws {
        let undisturbed = try Life()
        var simulated = TriggerOperator(on: undisturbed.server)
        try await undisturbed.run(&simulated)
        let life = try Life { call in
            call.number % 8 == lost && [.create, .patch].contains(call.verb) ? .replyLost : nil
        }
        var other = TriggerOperator(on: life.server)
        try await life.run(&other)
        #expect(life.creations == undisturbed.creations)
    }

    @Test func missingPipelineIsWaitedForAndForeignNameIsToldOf() async throws {
        let life = try Life()
        try life.server.delete(ReportPipeline.self, Life.pipelineKey)
        var simulated = TriggerOperator(on: life.server)
        try life.happen(0)
        await simulated.settle()
        #expect(life.status?.ready?.reason == Reason.pipelineNotFound)
        #expect(life.server.all(ReportRequest.self).isEmpty)
        // Somebody else's request has the name of what comes next.
        let trigger = try #require(life.trigger)
        let name = try #require(TriggerPlanner.requestNames(of: trigger).first)
        try life.server.insert(
            ReportRequest(
                metadata: ObjectMeta(name: name, namespace: "finance", uid: "other"),
                spec: ReportRequestSpec(pipelineRef: .init(name: "mttr"))))
        try life.server.insert(Life.pipeline)
        await simulated.settle()
        let ready = try #require(life.status?.ready)
        #expect(ready.reason == Reason.requestNotCreated && ready.message.contains(name))
        #expect(life.server.all(ReportRequest.self).count == 2, "the other alert's is there")
    }

    @Test func requestThatIsPutOffIsMadeLater() async throws {
        let life = try Life { call in
            call.verb == .create && call.now < .start.after(600) ? .forbidden : nil
        }
        var simulated = TriggerOperator(on: life.server)
        try life.happen(0)
        await simulated.settle()
        #expect(life.status?.ready?.reason == Reason.requestNotCreated)
        life.server.update { $0.now = .start.after(600) }
        await simulated.settle()
        #expect(life.status?.ready?.isTrue == true)
        #expect(life.creations.count == 2)
    }
}

/// What happens to a trigger: an API server, a gateway, and somebody who deletes a request.
private struct Life {
    static let pipeline = ReportPipeline.fixture(
        "mttr", .chain("a").parameters(.init(name: "machine", type: .string, required: true)))
    static let pipelineKey = ObjectKey(namespace: "finance", name: "mttr")
    private static let key = ObjectKey(namespace: "finance", name: "stops")
    /// Seconds after the start.
    private static let steps: [Int64] = [0, 60, 1800, 2000, 7200, 9000]

    let server: InMemoryAPIServer

    init(faults: @escaping @Sendable (APICall) -> APIFault? = { _ in nil }) throws {
        server = InMemoryAPIServer(faults: faults)
        try server.insert(Self.pipeline)
        try server.insert(
            ReportTrigger(
                metadata: ObjectMeta(name: "stops", namespace: "finance", uid: "t-1"),
                spec: ReportTriggerSpec(
                    match: .init(labels: ["alertname": "Stopped"]),
                    request: .init(pipelineRef: .init(name: "mttr"), parameters: ["machine": "{label:machine}"]),
                    cooldown: ReportDuration("1h"),
                    escalation: [
                        .init(
                            after: try #require(ReportDuration("30m")),
                            deliver: [DeliverSpec(channel: "mail", to: ["lead@example.com"])])
                    ],
                    tokenSHA256: String(repeating: "0", count: 64))))
    }

    init(at state: APIState) { server = InMemoryAPIServer(state) }

    var trigger: ReportTrigger? { server.find(ReportTrigger.self, "stops") }

    var status: ReportTriggerStatus? { trigger?.status }

    /// How often each request was made.
    var creations: [String: Int] {
        server.state.events.filter { $0.change == .added && $0.resource == ReportRequest.resourceKind.qualifiedName }
            .reduce(into: [:]) { $0[$1.object.key.name, default: 0] += 1 }
    }

    func run(
        _ simulated: inout TriggerOperator, from first: Int = 0, visit: (APIState, Int) -> Void = { _, _ in }
    ) async throws {
        for step in first..<Self.steps.count {
            // Of a life that goes on after a crash this step has happened.
            if step != first || first == 0 && server.state.writes == 0 { try happen(step) }
            await simulated.settle { visit($0, step) }
        }
    }

    func happen(_ step: Int) throws {
        server.update { $0.now = .start.after(Self.steps[step]) }
        func alert(_ name: String, since: Int64 = 0, lastNotice: Int64, ended: Int64? = nil)
            -> ReportTriggerStatus.Alert
        {
            .init(
                fingerprint: name, since: .start.after(since), lastNotice: .start.after(lastNotice),
                endedAt: ended.map { Timestamp.start.after($0) }, labels: ["machine": "press-\(name)"])
        }
        switch step {
        case 0: try hear([alert("a", lastNotice: 0), alert("b", lastNotice: 0)])
        // b ends, and its request is deleted.
        case 1:
            try hear([alert("a", lastNotice: 0), alert("b", lastNotice: 0, ended: 60)])
            let ofB = server.all(ReportRequest.self).first { $0.spec.value?.parameters?["machine"] == "press-b" }
            if let ofB { try server.delete(ReportRequest.self, ofB.key) }
        // Nobody says anything; it is time for the step.
        case 2: break
        case 3: try hear([alert("a", lastNotice: 0, ended: 2000), alert("b", lastNotice: 0, ended: 60)])
        case 4: try hear([alert("a", since: 7200, lastNotice: 7200), alert("b", lastNotice: 0, ended: 60)])
        default: break
        }
    }

    private func hear(_ alerts: [ReportTriggerStatus.Alert]) throws {
        try server.patch(
            ReportTrigger.self, Self.key, ["status": ["alerts": try JSONValue(encoding: alerts)]], subresource: "status"
        )
    }
}

/// The operator's own reconciler and router of triggers, one pass after the other. Dropping it and making a new one is a crash.
private struct TriggerOperator {
    let metrics: TriggerMetrics
    private let server: InMemoryAPIServer
    private let reconciler: TriggerReconciler
    private var passes = Passes<ObjectKey>()
    private var triggers: WatchFeed<ReportTrigger>
    private var requests: WatchFeed<ReportRequest>
    private var pipelines: WatchFeed<ReportPipeline>

    init(on server: InMemoryAPIServer) {
        self.server = server
        let registry = MetricsRegistry()
        let reports = ClusterCache()
        let cache = TriggerCache(requests: reports.requests, pipelines: reports.pipelines)
        let setbacks = Setbacks<ObservedTrigger.Setback>()
        metrics = TriggerMetrics(registry: registry, cache: cache)
        pipelines = WatchFeed(cache.pipelines, listing: server)
        requests = WatchFeed(cache.requests, listing: server)
        triggers = WatchFeed(cache.triggers, listing: server)
        reconciler = TriggerReconciler(
            cache: cache, setbacks: setbacks,
            writer: ClusterWriter(
                client: server.client, program: "report_operator", metrics: registry, readsBack: false),
            zones: ZoneFiles(), metrics: metrics, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            now: { server.state.now.date })
        TriggerRouter(cache: cache, setbacks: setbacks, queue: passes.queue).connect()
    }

    /// Passes with fresh caches until nothing is left to do now; `visit` is told of the server after each write.
    mutating func settle(visit: (APIState) -> Void = { _ in }) async {
        for _ in 0..<80 {
            pipelines.advance()
            requests.advance()
            triggers.advance()
            let now = server.state.now.date
            passes.wake(at: now)
            if passes.queue.depth == 0 {
                // What failed is tried again in the next moment.
                guard let key = reconciler.cache.triggers.all().first?.key, passes.isDueSoon(key, at: now), retries > 0
                else { return }
                retries -= 1
                passes.queue.add(key)
            }
            guard let key = await passes.next() else { return }
            for moment in await server.recordingWrites({ await passes.pass(key, at: now, reconciler.reconcile) }) {
                visit(moment)
            }
        }
        Issue.record("it doesn't settle")
    }

    /// How many passes are made after failures before a test says what is next.
    private var retries = 40
}
