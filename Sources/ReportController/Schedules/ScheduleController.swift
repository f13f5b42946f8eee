import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ServiceLifecycle
import ZoneFiles

/// The watches and workers of schedules, put together. They begin when the server has schedules; the rest of the operator
/// doesn't wait for that.
struct ScheduleController: Sendable {
    /// Schedules that are worked on at once.
    private static let workers = 2

    let services: [any Service]

    init(
        client: KubernetesClient, namespace: String?, requests: Store<ReportRequest>, untold: Outbox?,
        metrics: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        let cache = ScheduleCache(requests: requests)
        let (setbacks, api) = (ScheduleSetbacks(), CronJobAPI())
        let queue = WorkQueue<String>(name: "reportschedule", metrics: metrics)
        ScheduleRouter(cache: cache, setbacks: setbacks, queue: queue).connect()
        let reconciler = ScheduleReconciler(
            observer: ScheduleObserver(
                cache: cache, setbacks: setbacks, api: api, zones: ZoneFiles(), untold: untold),
            applier: ScheduleApplier(
                client: client, cache: cache, setbacks: setbacks, api: api,
                metrics: ScheduleMetrics(registry: metrics, cache: cache), logger: logger),
            logger: logger, now: now)
        func reflector<R: KubernetesResource>(
            _ store: Store<R>, _ source: some ListerWatcher<R>
        ) -> any Service {
            Reflector(store: store, source: source, name: store.name, logger: logger, metrics: metrics)
        }
        let selector = ReportsAPI.scheduleSelector
        services = [
            reflector(
                cache.ticks,
                ClientListerWatcher(client: client, namespace: namespace, labelSelector: selector)),
            reflector(
                cache.cronJobs,
                CronJobSource(client: client, api: api, namespace: namespace, selector: selector)),
            reflector(cache.schedules, ClientListerWatcher(client: client, namespace: namespace)),
            Controller(
                name: "reportschedule", queue: queue, stores: cache.stores, options: .init(workers: Self.workers),
                logger: logger, metrics: metrics, reconcile: reconciler.reconcile),
        ]
    }
}
