import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportStores
import ServiceLifecycle

/// What goes on beside the workers: the record, the events, the shared locks and the intake, as far as there are servers
/// for them. None of them is waited for by a worker.
struct Outside {
    let services: [any Service]
    /// What is watched for them, also by a standby replica.
    let watches: [any Service]
    /// Has them told of the requests; once.
    let connect: @Sendable () -> Void

    /// `wake` has a request looked at again.
    init(
        stores: OutsideStores, client: KubernetesClient, namespace: String?, cache: ClusterCache,
        ledger: RecordLedger?, events: EventProjector?, origins: RecordOrigins, locks: SharedLocks,
        published: PublishedRows, metrics: MetricsRegistry,
        wake: @escaping @Sendable (ObjectKey) -> Void, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        var services: [any Service] = []
        var watches: [any Service] = []
        var connections: [@Sendable () -> Void] = []
        if let records = stores.records, let ledger {
            let projector = RecordProjector(
                store: records, origins: origins, ledger: ledger, registry: metrics, wake: wake, logger: logger,
                now: now)
            connections.append { projector.connect(to: cache.requests) }
            services += [
                projector, RowCountReader(published: published, store: records, wake: wake, logger: logger),
                StoreSignIn(
                    store: records, pause: stores.signInPause ?? StoreSignIn.usualPause, logger: logger,
                    tell: projector.metrics.acceptsConnections),
            ]
            if stores.keepsStageLogs {
                let keeper = StageLogKeeper(
                    store: records, client: client, cache: cache, registry: metrics, logger: logger)
                connections.append { keeper.connect() }
                services.append(keeper.service)
            }
        }
        if let redis = stores.redis, let events {
            connections.append {
                events.connect(to: cache.requests)
                cache.requests.addHandler { change in
                    if case .deleted(let last) = change { locks.forget(last.metadata.uid) }
                }
            }
            services += [
                events,
                SharedLockKeeper(
                    locks: locks, server: SharedLock(redis.server, grace: redis.lockGrace, logger: logger),
                    lease: redis.lockLease,
                    health: StoreHealth(
                        name: "Redis, for shared locks,",
                        metrics: StoreMetrics(
                            registry: metrics, store: "redis-lock", pending: { locks.due(at: .now).count }),
                        logger: logger),
                    wake: wake, logger: logger),
            ]
            if let intake = redis.intake {
                let reach = IntakeReach(defaultNamespace: intake.namespace, watchedNamespace: namespace)
                let service = IntakeService(
                    redis: redis.server, options: intake,
                    creator: RequestCreator(
                        client: client, reach: reach, allowsInlinePipelines: intake.allowsInlinePipelines,
                        allowsRecipients: intake.allowsRecipients,
                        requests: cache.requests, logger: logger),
                    stores: cache.stores, registry: metrics, logger: logger)
                connections.append { service.connect(to: cache.requests) }
                services.append(service)
                if let labelled = reach.labelled {
                    watches.append(labelled.watch(client, metrics: metrics, logger: logger))
                }
            }
        }
        self.watches = watches
        self.services = services
        connect = { [connections] in for connect in connections { connect() } }
    }
}
