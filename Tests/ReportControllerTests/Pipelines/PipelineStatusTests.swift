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

/// The reconciler of pipelines on an API server in this process: it comes to rest, whatever is seen late or fails.
struct PipelineStatusTests {
    private struct Bench {
        let server: InMemoryAPIServer
        let budget = WriteBudget()
        var passes = Passes<ObjectKey>()
        private var feed: WatchFeed<ReportPipeline>
        private let reconciler: PipelineReconciler

        init(_ server: InMemoryAPIServer) {
            self.server = server
            let store = ClusterCache().pipelines
            feed = WatchFeed(store, listing: server)
            let client = server.client.writing { [budget] in budget.take() }
            reconciler = PipelineReconciler(
                pipelines: store,
                writer: ClusterWriter(
                    client: client, program: "report_operator", metrics: MetricsRegistry(), readsBack: false),
                zones: ZoneFiles(), logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
                now: { server.state.now.date })
            store.addHandler { [queue = passes.queue] change in
                if case .deleted = change { return }
                queue.add(change.object.key)
            }
        }

        mutating func settle(lag: Int = 0) async {
            feed.advance(lag: lag)
            passes.wake(at: server.state.now.date)
            while let key = await passes.next() {
                await passes.pass(key, at: server.state.now.date, reconciler.reconcile)
                feed.advance(lag: lag)
            }
        }
    }

    private let key = ObjectKey(namespace: "finance", name: "trial-balance")
    private let faulty = PipelineSpec(stages: [.fixture("a", after: ["b"]), .fixture("b", after: ["a"])])

    private func server(_ specs: PipelineSpec...) throws -> InMemoryAPIServer {
        let server = InMemoryAPIServer()
        for (place, spec) in specs.enumerated() {
            var pipeline = ReportPipeline.fixture(place == 0 ? "trial-balance" : "other-\(place)", spec)
            pipeline.metadata.generation = 1
            try server.insert(pipeline)
        }
        return server
    }

    private func edit(_ server: InMemoryAPIServer, _ spec: PipelineSpec) throws {
        let spec = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(spec))
        try server.patch(ReportPipeline.self, key, .object(["spec": spec]))
    }

    private func status(_ server: InMemoryAPIServer) -> ReportPipelineStatus? {
        server.find(ReportPipeline.self, "trial-balance")?.status
    }

    @Test func eachIsWrittenOnceAndThenNothing() async throws {
        let server = try server(faulty, .chain("a"))
        var bench = Bench(server)
        await bench.settle()
        #expect(server.state.writes == 2)
        #expect(server.all(ReportPipeline.self).map { $0.status?.ready?.status } == ["True", "False"])
        // An edit of the spec alone is looked at again; a restart writes nothing.
        var restarted = Bench(server)
        await restarted.settle()
        server.update { $0.now = $0.now.after(3600) }
        await restarted.settle()
        #expect(server.state.writes == 2)
        try edit(server, .chain("a"))
        await restarted.settle()
        #expect(status(server)?.ready?.isTrue == true && status(server)?.observedGeneration == 2)
    }

    /// The operator dies before its one write, or sees an old copy: the next one, or the next look, makes it good.
    @Test(arguments: 0...4) func whatIsSeenLateOrCutOffDoesNoHarm(lag: Int) async throws {
        let server = try server(faulty)
        var bench = Bench(server)
        bench.budget.allow(0)
        await bench.settle()
        #expect(status(server) == nil)
        bench.budget.allow(.max)
        bench = Bench(server)
        try edit(server, .chain("a"))
        try edit(server, faulty)
        await bench.settle(lag: lag)
        for _ in 0..<3 {
            server.update { $0.now = $0.now.after(5) }
            await bench.settle()
        }
        #expect(status(server)?.ready?.status == "False")
        let pipeline = server.find(ReportPipeline.self, "trial-balance")
        #expect(pipeline?.status?.observedGeneration == pipeline?.metadata.generation)
    }

    @Test func aNewStatusWakesNoRequest() async throws {
        var pipeline = ReportPipeline.fixture().with(version: 1)
        let waiting = ReportRequest.fixture().with {
            $0.spec = .value(ReportRequestSpec(pipelineRef: .init(name: "trial-balance")))
        }
        let cluster = Cluster(requests: [waiting], pipelines: [pipeline])
        await cluster.connect()
        pipeline.status = PipelinePlanner.plan(pipeline, now: .start)
        cluster.cache.pipelines.observe(pipeline.with(version: 2))
        #expect(await cluster.woken() == [])
        pipeline.metadata.generation = 2
        cluster.cache.pipelines.observe(pipeline.with(version: 3))
        #expect(await cluster.woken() == [waiting.metadata.name])
    }
}

extension ReportPipeline {
    fileprivate func with(version: Int) -> ReportPipeline {
        var copy = self
        copy.metadata.resourceVersion = "\(version)"
        if copy.metadata.generation == 0 { copy.metadata.generation = 1 }
        return copy
    }
}
