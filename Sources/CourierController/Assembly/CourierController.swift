import AsyncSupport
package import ControllerRuntime
package import DeliveryChannels
package import FoundationEssentials
package import KubernetesClient
import KubernetesModel
package import Logging
package import PrometheusMetrics
import ReportAPI
package import ReportStores
package import ServiceLifecycle

/// The caches, the watches that fill them and the workers that serve deliveries, tickets, channels and who waits for a file,
/// put together.
package struct CourierController: Sendable {
    package struct Options: Sendable {
        /// Where the courier, its channels and their Secrets are.
        package var namespace: String
        /// The one namespace whose reports are sent; nil for all.
        package var reports: String?
        /// A folder with room for files while they are sent.
        package var workFolder: String
        /// Bytes of the files there that are kept for deliveries.
        package var workLimit: Int
        /// Of this process alone.
        package var identity: String

        package var isInPod: Bool
        /// How long one send may take.
        package var sendTimeout: Duration
        /// Microsoft's; nil where each channel's own holds.
        package var cloud: MicrosoftCloud?
        /// What people call this cluster, where they say it.
        package var clusterName: String?

        package init(
            namespace: String, reports: String?, workFolder: String, workLimit: Int, identity: String, isInPod: Bool,
            sendTimeout: Duration, cloud: MicrosoftCloud? = nil, clusterName: String? = nil
        ) {
            self.cloud = cloud
            self.clusterName = clusterName
            self.sendTimeout = sendTimeout
            self.reports = reports
            self.isInPod = isInPod
            self.namespace = namespace
            self.workFolder = workFolder
            self.workLimit = workLimit
            self.identity = identity
        }
    }

    package let cache: CourierCache
    /// What has to run. In a service group, whose shutdown goes backwards, the workers end before the watches.
    package let services: [any Service]

    /// Deliveries that are looked at once at a time, and channels.
    private static let workers = 8

    /// `leadership`: before it leads, a process keeps its caches warm and does nothing else. `now`: nil: by the API server's clock,
    /// which the operator uses too.
    package init(
        client reader: KubernetesClient, options: Options, store: ReportStore, maker: FileMaker,
        leadership: Leadership, metrics: MetricsRegistry, logger: Logger,
        now: (@Sendable () -> Date)? = nil
    ) {
        let now = now ?? { [clock = reader.serverClock] in clock.now }
        let client = reader.writing { leadership.mayAct }
        let cache = CourierCache(namespace: options.namespace, readsNamespaces: options.reports == nil)
        // The ledger decides what is sent, so that an old copy does no harm, and no right to get is needed.
        let writer = ClusterWriter(client: client, program: "report_courier", metrics: metrics, readsBack: false)
        let deliveryQueue = WorkQueue<ObjectKey>(
            name: "reportdelivery", backoff: Backoff(first: .milliseconds(20), longest: .seconds(30)),
            server: reader.serverReturn, metrics: metrics)
        let ticketQueue = WorkQueue<TicketKey>(name: "reportticket", server: reader.serverReturn, metrics: metrics)
        let channelQueue = WorkQueue<ObjectKey>(name: "reportchannel", server: reader.serverReturn, metrics: metrics)
        let background = Background()
        let desk = ChannelDesk()
        let inFlight = InFlight()
        let folders = WorkFolders(options.workFolder)
        let shelf = FileShelf(folder: folders.deliveries, limit: options.workLimit)
        metrics.gauge("report_courier_kept_file_bytes", help: "Bytes of the files that are kept while they are sent.") {
            Double(shelf.taken)
        }
        let preparations = Preparations(
            store: store, maker: maker, background: background, shelf: shelf, clusterName: options.clusterName,
            logger: logger,
            now: now,
            wake: { deliveryQueue.add($0) })
        let factory = SenderFactory(
            cache: cache, isInPod: options.isInPod, signIns: store.signIns, cloud: options.cloud, logger: logger)
        let standings = IntakeStandings { channelQueue.add(ObjectKey(namespace: options.namespace, name: $0)) }
        let triggers = Store<ReportTrigger>()
        let debts = TicketDebts()
        let ticketRouter = TicketRouter(cache: cache, triggers: triggers, debts: debts, queue: ticketQueue)
        let channels = ChannelReconciler(
            cache: cache, desk: desk, factory: factory, intakes: standings, writer: writer,
            wakeDeliveries: { name in
                for delivery in cache.deliveries(through: name) { deliveryQueue.add(delivery.key) }
                ticketRouter.wakeAll()
            },
            logger: logger, now: now)
        let lanes = ChannelLanes(ledger: store.deliveries)
        let finder = NamespaceFinder(client: reader, logger: logger)
        let homes = DeliveryHomes(finder: finder, clusterName: options.clusterName)
        let sender = CopySender(
            cache: cache, desk: desk, preparations: preparations, inFlight: inFlight,
            lanes: lanes, ledger: store.deliveries, background: background,
            metrics: DeliveryMetrics(registry: metrics, cache: cache, inFlight: inFlight), holder: options.identity,
            mayAct: { leadership.mayAct }, wake: { deliveryQueue.add($0, after: $1) },
            tryChannel: { channelQueue.add(ObjectKey(namespace: options.namespace, name: $0)) },
            patience: options.sendTimeout, logger: logger, now: now)
        let deliveries = DeliveryReconciler(
            cache: cache,
            observer: DeliveryObserver(
                cache: cache, desk: desk, preparations: preparations, inFlight: inFlight, store: store, homes: homes,
                readability: Readability(now: now)),
            preparations: preparations, inFlight: inFlight, senders: sender, ledger: store.deliveries, writer: writer,
            logger: logger, now: now)
        let ticketsInFlight = InFlight()
        let tickets = TicketReconciler(
            cache: cache, triggers: triggers, desk: desk, homes: homes, debts: debts, inFlight: ticketsInFlight,
            poster: TicketPoster(
                cache: cache, desk: desk, inFlight: ticketsInFlight, lanes: lanes, ledger: store.tickets,
                background: background, metrics: TicketMetrics(registry: metrics), holder: options.identity,
                mayAct: { leadership.mayAct }, wake: { ticketQueue.add($0) },
                tryChannel: { channelQueue.add(ObjectKey(namespace: options.namespace, name: $0)) },
                patience: options.sendTimeout, logger: logger, now: now),
            ledger: store.tickets, writer: writer, logger: logger, now: now)
        let router = CourierRouter(
            cache: cache, deliveries: deliveryQueue, channels: channelQueue, preparations: preparations,
            inFlight: inFlight, tickets: ticketRouter)
        let (leads, gate) = (Gate(), Gate())
        let takeOver = CourierTakeOver(
            leadership: leadership, cache: cache, leads: leads, gate: gate, clear: folders.clear,
            begin: {
                router.connect()
                ticketRouter.connect()
            })
        let acting: [any Service] = [
            background,
            Controller(
                name: "reportchannel", queue: channelQueue, stores: cache.stores,
                options: .init(workers: Self.workers), logger: logger, metrics: metrics, reconcile: channels.reconcile),
            Controller(
                name: "reportdelivery", queue: deliveryQueue, stores: cache.stores,
                options: .init(workers: Self.workers), logger: logger, metrics: metrics,
                reconcile: deliveries.reconcile),
            // Deliveries don't wait until triggers are known: a cluster may have none, or not let them be listed.
            Controller(
                name: "reportticket", queue: ticketQueue, stores: cache.stores + [triggers],
                options: .init(workers: 2), logger: logger, metrics: metrics, reconcile: tickets.reconcile),
            TicketSweep(
                ledger: store.tickets, finder: finder, namespace: options.reports, debts: debts, queue: ticketQueue,
                logger: logger),
        ]
        let intake = IntakeService(
            cache: cache, factory: factory, creator: IntakeCreator(cache: cache, client: client), standings: standings,
            metrics: IntakeMetrics(registry: metrics, standings: standings), logger: logger)
        self.cache = cache
        services =
            Self.watches(cache, triggers, options.reports, client, metrics, logger) + [takeOver]
            // Serving those who wait for a file needs nothing of the API server.
            + [LedService(WantedFileService(wanted: store.wanted, maker: maker, logger: logger), after: leads)]
            + (acting + [intake]).map { LedService($0, after: gate) }
    }

    private static func watches(
        _ cache: CourierCache, _ triggers: Store<ReportTrigger>, _ reports: String?, _ client: KubernetesClient,
        _ metrics: MetricsRegistry, _ logger: Logger
    ) -> [any Service] {
        let labels = cache.namespaces.map { namespaces in
            Reflector(
                store: namespaces, source: ClientListerWatcher(client: client), name: "namespaces", logger: logger,
                metrics: metrics)
        }
        let watches: [any Service] = [
            Reflector(
                store: cache.secrets,
                source: ClientListerWatcher(
                    client: client, namespace: cache.namespace, fieldSelector: ChannelSecret.fieldSelector),
                name: "secrets", logger: logger, metrics: metrics),
            Reflector(
                store: cache.channels,
                source: ClientListerWatcher(client: client, namespace: reports.map { _ in cache.namespace }),
                name: ReportChannel.resourceKind.qualifiedName, logger: logger, metrics: metrics),
            Reflector(
                store: cache.deliveries, source: ClientListerWatcher(client: client, namespace: reports),
                name: ReportDelivery.resourceKind.qualifiedName, logger: logger, metrics: metrics),
            Reflector(
                store: triggers, source: ClientListerWatcher(client: client, namespace: reports),
                name: ReportTrigger.resourceKind.qualifiedName, logger: logger, metrics: metrics),
        ]
        return (labels.map { [$0] } ?? []) + watches
    }
}

/// What a courier does when it has become the leader. An old cache does no harm: the ledger decides what is sent.
struct CourierTakeOver: Service {
    let leadership: Leadership
    let cache: CourierCache
    /// Where those wait who need nothing of the caches.
    let leads: Gate
    /// Where the others wait who act.
    let gate: Gate
    /// Removes what a process before this one has left.
    let clear: @Sendable () -> Void
    /// Replays every known object to the controllers.
    let begin: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard (try? await leadership.wait()) != nil else { return }
            clear()
            leads.open()
            for store in cache.stores {
                guard (try? await store.waitUntilSynced()) != nil else { return }
            }
            begin()
            gate.open()
        }
        try? await gracefulShutdown()
    }
}
