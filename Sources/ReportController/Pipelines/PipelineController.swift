import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ServiceLifecycle
import ZoneFiles

/// What says of each pipeline whether it can run. Nothing waits for it: a request is judged by the pipeline itself.
struct PipelineController: Sendable {
    private let pipelines: Store<ReportPipeline>
    private let queue: WorkQueue<ObjectKey>
    /// What acts.
    let controller: any Service

    init(
        client: KubernetesClient, pipelines: Store<ReportPipeline>, metrics: MetricsRegistry, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.pipelines = pipelines
        let queue = WorkQueue<ObjectKey>(name: "reportpipeline", server: client.serverReturn, metrics: metrics)
        self.queue = queue
        let reconciler = PipelineReconciler(
            pipelines: pipelines,
            writer: ClusterWriter(client: client, program: "report_operator", metrics: metrics, readsBack: false),
            zones: ZoneFiles(), logger: logger, now: now)
        controller = Controller(
            name: "reportpipeline", queue: queue, stores: [pipelines], options: .init(workers: 1), logger: logger,
            metrics: metrics, reconcile: reconciler.reconcile)
    }

    /// Listens to the store, which replays every known pipeline.
    func connect() {
        pipelines.addHandler { change in
            if case .deleted = change { return }
            queue.add(change.object.key)
        }
        pipelines.addReadabilityHandler { queue.add($0) }
    }
}
