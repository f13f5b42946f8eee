import AsyncSupport
package import ControllerRuntime
package import FoundationEssentials
package import KubernetesClient
import KubernetesModel
package import Logging
package import PrometheusMetrics
import ReportAPI
package import ReportPlanning
import ReportStores
package import ServiceLifecycle

/// The caches, the watches that fill them and the workers that reconcile requests, put together.
package struct ReportController: Sendable {
    package struct Options: Sendable {
        /// The namespace to work in; nil for all.
        package var namespace: String?
        /// Requests that are reconciled at once.
        package var workers: Int
        /// Whether pipelines are run that requests and schedules bring themselves.
        package var inlinePipelines: InlinePipelineRule
        /// Where the courier's channels are; nil: no deliveries are made.
        package var courierNamespace: String?
        /// What people call this cluster, where they say it.
        package var clusterName: String?
        /// What tells it from others that act for the same namespaces: namespace and name of its Lease; nil: it looks for none.
        package var operatorName: String?

        package init(
            namespace: String? = nil, workers: Int = 4, inlinePipelines: InlinePipelineRule = .allowed,
            courierNamespace: String? = nil, clusterName: String? = nil, operatorName: String? = nil
        ) {
            self.operatorName = operatorName
            self.clusterName = clusterName
            self.namespace = namespace
            self.workers = workers
            self.inlinePipelines = inlinePipelines
            self.courierNamespace = courierNamespace
        }
    }

    package let cache: ClusterCache
    /// What has to run. In a service group, whose shutdown goes backwards, the workers end before the watches.
    package let services: [any Service]

    /// `stores`: what there is outside the cluster. `leadership`: where several agree on who acts; nil: this one acts at
    /// once. Before it leads, a process keeps its caches warm and does nothing else. `now`: nil: by the API server's clock, which
    /// Jobs and pods have their times from.
    package init(
        client reader: KubernetesClient,
        options: Options,
        stores: OutsideStores = OutsideStores(),
        leadership: Leadership? = nil,
        metrics: MetricsRegistry,
        logger: Logger,
        now: (@Sendable () -> Date)? = nil
    ) {
        let now = now ?? { [clock = reader.serverClock] in clock.now }
        let client = leadership.map { leadership in reader.writing { leadership.mayAct } } ?? reader
        let cache = ClusterCache()
        let setbacks = Setbacks<ObservedRun.Setback>()
        let doubts = PlaceDoubts()
        let made = MadeJobs()
        let writer = ClusterWriter(client: client, program: "report_operator", metrics: metrics)
        let queue = WorkQueue<ObjectKey>(name: "reportrequest", server: reader.serverReturn, metrics: metrics)
        let locks = SharedLocks(
            isConfigured: stores.redis != nil,
            waits: metrics.histogram(
                "report_shared_lock_wait_seconds", help: "From a run's wish for a shared lock to its hold.",
                bounds: MetricBuckets.runs))
        let published = PublishedRows()
        let ledger = stores.records.map { _ in RecordLedger() }
        let origins = RecordOrigins(client: reader, clusterName: options.clusterName, logger: logger)
        let events = stores.redis.map {
            EventProjector(
                publisher: EventPublisher($0.server), origins: origins,
                asOf: stores.records.map { store in HurriedAsOf { try await store.asOf(of: $0) } },
                registry: metrics, logger: logger, now: now)
        }
        let obstacles = Obstacles()
        let inlinePipelines = InlinePipelineReach(options.inlinePipelines)
        let reach = options.courierNamespace.map {
            DeliveryReach(courierNamespace: $0, readsNamespaces: options.namespace == nil)
        }
        let router = RunRouter(
            cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made, queue: queue)
        let reconciler = RunReconciler(
            cache: cache,
            observer: RunObserver(
                cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made, locks: locks,
                published: published, ledger: ledger,
                untold: events?.outbox, inlinePipelines: inlinePipelines, deliveries: reach),
            applier: RunApplier(
                writer: writer, cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made,
                locks: locks, published: published, operatorName: options.operatorName, deliveries: reach,
                metrics: ReportMetrics(registry: metrics, cache: cache), logger: logger, now: now),
            wake: { queue.add($0) },
            logger: logger,
            now: now)
        let controller = Controller(
            name: "reportrequest", queue: queue, stores: cache.stores + (reach?.stores ?? []),
            options: .init(workers: options.workers), logger: logger, metrics: metrics,
            reconcile: reconciler.reconcile)
        func source<R: KubernetesResource>(_ store: Store<R>, selector: String? = nil) -> ClientListerWatcher<R> {
            ClientListerWatcher(client: client, namespace: options.namespace, labelSelector: selector)
        }
        func reflector<R: KubernetesResource>(_ store: Store<R>, selector: String? = nil) -> any Service {
            Reflector(
                store: store,
                source: source(store, selector: selector),
                name: R.resourceKind.qualifiedName,
                logger: logger, metrics: metrics)
        }
        let outside = Outside(
            stores: stores, client: client, namespace: options.namespace, cache: cache, ledger: ledger,
            events: events, origins: origins, locks: locks, published: published, metrics: metrics,
            wake: { queue.add($0) }, logger: logger, now: now)
        let unreadable = UnreadableObjects(writer: writer, metrics: metrics, logger: logger, now: now)
        let others = OtherOperators(
            own: options.operatorName, writer: writer, requests: cache.requests, metrics: metrics, logger: logger,
            now: now)
        let ends = EndEventProjector(writer: writer, logger: logger, now: now)
        let schedules = ScheduleController(
            client: client, writer: writer, namespace: options.namespace, requests: cache.requests,
            pipelines: cache.pipelines, untold: events?.outbox, inlinePipelines: inlinePipelines, metrics: metrics,
            logger: logger, now: now)
        let pipelines = PipelineController(
            client: client, pipelines: cache.pipelines, metrics: metrics, logger: logger, now: now)
        let triggers = TriggerController(
            client: client, namespace: options.namespace, requests: cache.requests, pipelines: cache.pipelines,
            metrics: metrics, logger: logger, now: now)
        let begin: @Sendable () -> Void = {
            router.connect()
            outside.connect()
            ends.connect(to: cache.requests)
            others.connect()
            unreadable.connect(to: cache.requests)
            unreadable.connect(to: cache.pipelines)
            // Of Jobs and pods those that somebody's run or Job controls: it can't end while they can't be read.
            unreadable.connect(to: cache.jobs) { $0.controller?.kind == ReportRequest.resourceKind.kind }
            unreadable.connect(to: cache.pods) { $0.controller?.kind == Job.resourceKind.kind }
            unreadable.connect(to: schedules.schedules)
            unreadable.connect(to: triggers.triggers)
            schedules.connect()
            triggers.connect()
            pipelines.connect()
        }
        self.cache = cache
        let watches =
            [
                reflector(cache.jobs, selector: ReportsAPI.runSelector),
                reflector(cache.pods, selector: ReportsAPI.runSelector),
                reflector(cache.pipelines),
                reflector(cache.requests),
            ] + schedules.watches + [triggers.watch] + outside.watches
            + (reach?.watches(client, namespace: options.namespace, metrics: metrics, logger: logger) ?? [])
            + [inlinePipelines.namespaces?.watch(client, metrics: metrics, logger: logger)].compactMap(\.self)
        let inlinePipelineRouter = inlinePipelines.namespaces.map { namespaces -> any Service in
            InlinePipelineRouter(
                namespaces: namespaces, requests: cache.requests, schedules: schedules.schedules,
                wakeRequest: { queue.add($0) }, wakeSchedule: schedules.wake)
        }
        let deliveryRouter = reach.map { reach -> any Service in
            DeliveryRouter(reach: reach, cache: cache, wake: { queue.add($0) })
        }
        let acting =
            outside.services + [inlinePipelineRouter, deliveryRouter].compactMap(\.self) + [
                ends, unreadable.controller, others.controller, controller, schedules.controller, triggers.controller,
                pipelines.controller,
            ]
        guard let leadership else {
            begin()
            services = watches + acting
            return
        }
        let gate = Gate()
        let (jobs, pods) = (
            source(cache.jobs, selector: ReportsAPI.runSelector), source(cache.pods, selector: ReportsAPI.runSelector)
        )
        let requests = source(cache.requests)
        let takeOver = TakeOver(
            leadership: leadership, cache: cache,
            catchUp: {
                try await cache.jobs.catchUp(with: jobs)
                try await cache.pods.catchUp(with: pods)
                try await cache.requests.catchUp(with: requests)
            },
            begin: begin, gate: gate, logger: logger)
        services = watches + [takeOver] + acting.map { LedService($0, after: gate) }
    }

    /// Whether every cache holds its first list.
    package var isReady: Bool { cache.stores.allSatisfy(\.hasSynced) }
}
