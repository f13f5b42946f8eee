import AsyncSupport
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import TestSupport

@testable import ControllerRuntime
@testable import ReportController

/// Caches that are told what there is, with the real router, observer and queue around them.
final class Cluster: Sendable {
    let cache = ClusterCache()
    let setbacks = Setbacks<ObservedRun.Setback>()
    let doubts = PlaceDoubts()
    let obstacles = Obstacles()
    let made = MadeJobs()
    let queue = WorkQueue<ObjectKey>(name: "runs")
    let observer: RunObserver

    init(requests: [ReportRequest] = [], pipelines: [ReportPipeline] = []) {
        observer = RunObserver(
            cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made,
            locks: SharedLocks(isConfigured: false), ledger: nil, untold: nil)
        cache.pipelines.replace(with: pipelines.map(Stored.init), resourceVersion: "1")
        cache.requests.replace(with: requests.map(Stored.init), resourceVersion: "1")
        cache.jobs.replace(with: [], resourceVersion: "1")
        cache.pods.replace(with: [], resourceVersion: "1")
    }

    /// Connects the router, and takes what it adds for everything there is out of the queue.
    func connect() async {
        RunRouter(cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made, queue: queue)
            .connect()
        _ = await woken()
    }

    /// The real applier, by that client.
    func applier(_ client: KubernetesClient) -> RunApplier {
        let metrics = MetricsRegistry()
        return RunApplier(
            writer: ClusterWriter(client: client, program: "report_operator", metrics: metrics), cache: cache,
            setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made,
            locks: SharedLocks(isConfigured: false), metrics: ReportMetrics(registry: metrics, cache: cache),
            logger: Self.logger, now: Self.now)
    }

    /// The real reconciler, at a time that stands still.
    func reconciler(_ client: KubernetesClient) -> RunReconciler {
        RunReconciler(
            cache: cache, observer: observer, applier: applier(client), wake: { [queue] in queue.add($0) },
            logger: Self.logger, now: Self.now)
    }

    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private static let now: @Sendable () -> Date = { Timestamp.start.date }

    /// The names of the requests that are to be looked at, in order; nobody has to look at them afterwards.
    func woken() async -> [String] {
        var names: [String] = []
        while queue.depth > 0, let key = await queue.next() {
            names.append(key.name)
            queue.done(key)
        }
        return names
    }

    func see(_ request: ReportRequest, version: Int) {
        cache.requests.observe(request.with { $0.metadata.resourceVersion = "\(version)" })
    }
}

extension ReportRequest {
    /// What could be read of it, had somebody patched nonsense into it.
    func unread(version: Int) -> UndecodableObject {
        UndecodableObject(
            namespace: metadata.namespace, name: metadata.name, uid: metadata.uid, resourceVersion: "\(version)",
            message: "status.accepted.pipeline.concurrency.limit: expected Int")
    }

    /// One of many: its name says which, its uid and its age follow from it.
    static func numbered(_ number: Int, _ pipeline: PipelineSpec = .chain("one").concurrency(key: "ledger")) -> Self {
        .fixture(pipeline, name: "r\(number)", uid: "uid-\(1_000_000 + number)")
            .created(at: Timestamp(seconds: Timestamp.start.seconds + Int64(number)))
    }
}
