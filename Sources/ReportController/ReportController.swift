package import ControllerRuntime
package import FoundationEssentials
package import KubernetesClient
import KubernetesModel
package import Logging
import ReportAPI
import ReportPlanning
import ReportStores
package import ServiceLifecycle

/// The caches, the watches that fill them and the workers that reconcile requests, put together.
package struct ReportController: Sendable {
    package struct Options: Sendable {
        /// The namespace to work in; nil for all.
        package var namespace: String?
        /// Requests that are reconciled at once.
        package var workers: Int

        package init(namespace: String? = nil, workers: Int = 4) {
            self.namespace = namespace
            self.workers = workers
        }
    }

    package let cache: ClusterCache
    /// What has to run. In a service group, whose shutdown goes backwards, the workers end before the watches.
    package let services: [any Service]

    /// `stores`: what there is outside the cluster.
    package init(
        client: KubernetesClient,
        options: Options,
        stores: OutsideStores = OutsideStores(),
        metrics: MetricsRegistry,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        let cache = ClusterCache()
        let setbacks = Setbacks()
        let queue = WorkQueue<ObjectKey>(name: "reportrequest", metrics: metrics)
        let locks = SharedLocks(isConfigured: stores.redis != nil)
        let ledger = stores.records.map { _ in RecordLedger() }
        let events = stores.redis.map {
            EventProjector(publisher: EventPublisher($0.connection), registry: metrics, logger: logger, now: now)
        }
        RequestRouter(cache: cache, setbacks: setbacks, queue: queue).connect()
        let reconciler = RequestReconciler(
            cache: cache,
            observer: Observer(cache: cache, setbacks: setbacks, locks: locks, ledger: ledger, untold: events?.outbox),
            applier: Applier(
                client: client, cache: cache, setbacks: setbacks, locks: locks,
                metrics: ReportMetrics(registry: metrics, cache: cache), logger: logger),
            setbacks: setbacks,
            logger: logger,
            now: now)
        let controller = Controller(
            name: "reportrequest", queue: queue, stores: cache.stores,
            options: .init(workers: options.workers), logger: logger, metrics: metrics,
            reconcile: reconciler.reconcile)
        func reflector<R: KubernetesResource>(_ store: Store<R>, selector: String? = nil) -> any Service {
            Reflector(
                store: store,
                source: ClientListerWatcher<R>(
                    client: client, namespace: options.namespace, labelSelector: selector),
                name: R.resourceKind.qualifiedName,
                logger: logger, metrics: metrics)
        }
        let outside = Outside(
            stores: stores, client: client, namespace: options.namespace, cache: cache, ledger: ledger,
            events: events, locks: locks, metrics: metrics,
            wake: { queue.add($0) }, logger: logger, now: now)
        let ends = EndEventProjector(client: client, logger: logger, now: now)
        ends.connect(to: cache.requests)
        let schedules = ScheduleController(
            client: client, namespace: options.namespace, requests: cache.requests, untold: events?.outbox,
            metrics: metrics, logger: logger, now: now)
        self.cache = cache
        services =
            [
                reflector(cache.jobs, selector: ReportsAPI.runSelector),
                reflector(cache.pods, selector: ReportsAPI.runSelector),
                reflector(cache.pipelines),
                reflector(cache.requests),
            ] + outside.services + [ends, controller] + schedules.services
    }

    /// Whether every cache holds its first list.
    package var isReady: Bool { cache.stores.allSatisfy(\.hasSynced) }
}
