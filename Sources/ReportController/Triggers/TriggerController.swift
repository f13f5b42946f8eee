import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ServiceLifecycle
import ZoneFiles

/// The watch and the worker of triggers, put together. They begin when the server has triggers; the rest of the operator
/// doesn't wait for that.
struct TriggerController: Sendable {
    /// What fills the cache.
    let watch: any Service
    /// What acts.
    let controller: any Service
    let triggers: Store<ReportTrigger>
    private let router: TriggerRouter

    init(
        client: KubernetesClient, namespace: String?, requests: Store<ReportRequest>, pipelines: Store<ReportPipeline>,
        metrics: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        let cache = TriggerCache(requests: requests, pipelines: pipelines)
        triggers = cache.triggers
        let setbacks = Setbacks<ObservedTrigger.Setback>()
        let queue = WorkQueue<ObjectKey>(name: "reporttrigger", server: client.serverReturn, metrics: metrics)
        router = TriggerRouter(cache: cache, setbacks: setbacks, queue: queue)
        let reconciler = TriggerReconciler(
            cache: cache, setbacks: setbacks,
            writer: ClusterWriter(client: client, program: "report_operator", metrics: metrics, readsBack: false),
            zones: ZoneFiles(), metrics: TriggerMetrics(registry: metrics, cache: cache), logger: logger, now: now)
        watch = Reflector(
            store: cache.triggers, source: ClientListerWatcher(client: client, namespace: namespace),
            name: cache.triggers.name, logger: logger, metrics: metrics)
        controller = Controller(
            name: "reporttrigger", queue: queue, stores: cache.stores, options: .init(workers: 1), logger: logger,
            metrics: metrics, reconcile: reconciler.reconcile)
    }

    /// Replays every known object to the controller, then what changes. A new leader needs no list of its own: a stale cache
    /// does no harm, since requests are named after their firings.
    func connect() { router.connect() }
}
