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

/// The watches and workers of schedules, put together. They begin when the server has schedules; the rest of the operator
/// doesn't wait for that.
struct ScheduleController: Sendable {
    /// Schedules that are worked on at once.
    private static let workers = 2
    /// Few, since what a page takes while it is read stays with the process: of 500 that was twice what 1000 schedules need.
    private static let pageSize = 50

    /// What fills the caches, children before parents.
    let watches: [any Service]
    /// What acts.
    let controller: any Service
    let schedules: Store<ReportSchedule>
    private let router: ScheduleRouter
    private let queue: WorkQueue<OwnerKey>

    init(
        client: KubernetesClient, writer: ClusterWriter, namespace: String?, requests: Store<ReportRequest>,
        pipelines: Store<ReportPipeline>, untold: Outbox?, inlinePipelines: InlinePipelineReach,
        metrics: MetricsRegistry, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        let cache = ScheduleCache(requests: requests)
        schedules = cache.schedules
        let (setbacks, api) = (Setbacks<ObservedSchedule.Setback>(), CronJobAPI())
        api.onChange { features in
            logger.info(
                "Detected CronJob API features",
                metadata: ["version": "batch/\(features.version)", "time_zones": "\(features.knowsTimeZones)"])
        }
        let queue = WorkQueue<OwnerKey>(name: "reportschedule", server: client.serverReturn, metrics: metrics)
        self.queue = queue
        let holidays = HolidayMaps(writer: writer)
        router = ScheduleRouter(
            cache: cache, setbacks: setbacks, api: api, pipelines: pipelines, holidays: holidays, queue: queue)
        let reconciler = ScheduleReconciler(
            observer: ScheduleObserver(
                cache: cache, setbacks: setbacks, api: api, zones: ZoneFiles(), pipelines: pipelines,
                untold: untold, inlinePipelines: inlinePipelines, holidays: holidays),
            applier: ScheduleApplier(
                writer: writer, cache: cache, setbacks: setbacks, api: api,
                metrics: ScheduleMetrics(registry: metrics, cache: cache), logger: logger),
            logger: logger, now: now)
        func reflector<R: KubernetesResource>(
            _ store: Store<R>, _ source: some ListerWatcher<R>
        ) -> any Service {
            Reflector(
                store: store, source: source, name: store.name, options: .init(pageSize: Self.pageSize), logger: logger,
                metrics: metrics)
        }
        let selector = ReportsAPI.scheduleSelector
        watches = [
            reflector(
                cache.ticks,
                ClientListerWatcher(client: client, namespace: namespace, labelSelector: selector)),
            reflector(
                cache.cronJobs,
                CronJobSource(client: client, api: api, namespace: namespace, selector: selector)),
            reflector(cache.schedules, ClientListerWatcher(client: client, namespace: namespace)),
        ]
        controller = Controller(
            name: "reportschedule", queue: queue, stores: [pipelines] + cache.stores,
            options: .init(workers: Self.workers),
            logger: logger, metrics: metrics, reconcile: reconciler.reconcile)
    }

    /// Replays every known object to the controller, then what changes. A new leader needs no list of its own: a stale
    /// cache does a schedule no harm, since what is made for a tick is named after it.
    func connect() { router.connect() }

    /// Has a schedule looked at again.
    func wake(_ key: OwnerKey) { queue.add(key) }
}
