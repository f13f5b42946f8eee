import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ReportStores
import TestSupport

@testable import ControllerRuntime
@testable import ReportController

/// How far behind each watch is, in events of the server.
struct Lag: Hashable, Sendable {
    var requests = 0
    var jobs = 0
    var pods = 0
    var deliveries = 0
}

/// The operator's own observer, applier, router and reconciler on a simulated cluster, one pass after the other in place of
/// its workers. Dropping it and making a new one is a crash.
struct SimulatedOperator {
    private let cache = ClusterCache()
    private let ledger: RecordLedger?
    private let locks: SharedLocks
    private let published = PublishedRows()
    private let observer: RunObserver
    private let reconciler: RunReconciler
    private let budget = WriteBudget()
    private var requests: WatchFeed<ReportRequest>
    private var pipelines: WatchFeed<ReportPipeline>
    private var jobs: WatchFeed<Job>
    private var pods: WatchFeed<Pod>
    private var deliveries: WatchFeed<ReportDelivery>?
    private var channels: WatchFeed<ReportChannel>?
    private let inlinePipelines: InlinePipelineReach
    private var namespaces: WatchFeed<Namespace>?
    private var passes = Passes<ObjectKey>()

    /// Begins with a list, which the API server answers with what is; then its watches may fall behind.
    /// Namespaces are read only by `readNamespaces`, where they are asked for.
    init(on cluster: SimulatedCluster, inlinePipelines: InlinePipelineRule = .allowed) {
        let reach = InlinePipelineReach(inlinePipelines)
        self.inlinePipelines = reach
        let server = cluster.server
        let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        let setbacks = Setbacks<ObservedRun.Setback>()
        let doubts = PlaceDoubts()
        let made = MadeJobs()
        let metrics = MetricsRegistry()
        let now: @Sendable () -> Date = { server.state.now.date }
        ledger = cluster.script.hasStore ? RecordLedger() : nil
        locks = SharedLocks(isConfigured: cluster.script.hasLock)
        let queue = passes.queue
        let obstacles = Obstacles()
        requests = WatchFeed(cache.requests, listing: server)
        pipelines = WatchFeed(cache.pipelines, listing: server)
        jobs = WatchFeed(cache.jobs, selector: ReportsAPI.runSelector, listing: server)
        pods = WatchFeed(cache.pods, selector: ReportsAPI.runSelector, listing: server)
        let ways = cluster.script.channels.map { _ in
            DeliveryReach(courierNamespace: "report-operator", readsNamespaces: false)
        }
        deliveries = ways.map {
            WatchFeed($0.deliveries, selector: ReportsAPI.Label.requestUID, listing: server)
        }
        channels = ways.map { WatchFeed($0.channels.store, listing: server) }
        observer = RunObserver(
            cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made, locks: locks,
            published: published, ledger: ledger,
            untold: nil, inlinePipelines: reach, deliveries: ways)
        reconciler = RunReconciler(
            cache: cache, observer: observer,
            applier: RunApplier(
                writer: ClusterWriter(
                    client: server.client.writing { [budget] in budget.take() }, program: "report_operator",
                    metrics: metrics),
                cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made, locks: locks,
                published: published, deliveries: ways, metrics: ReportMetrics(registry: metrics, cache: cache),
                logger: logger, now: now),
            wake: { queue.add($0) }, logger: logger, now: now)
        RunRouter(cache: cache, setbacks: setbacks, doubts: doubts, obstacles: obstacles, made: made, queue: queue)
            .connect()
        if let ways { DeliveryRouter(reach: ways, cache: cache, wake: { queue.add($0) }).connect() }
        hearFromStores(cluster)
    }

    /// Hears of the namespaces with the labels that count, from here on.
    mutating func readNamespaces(of cluster: SimulatedCluster) {
        guard let labelled = inlinePipelines.namespaces else { return }
        namespaces = WatchFeed(labelled.store, selector: labelled.selector, listing: cluster.server)
        InlinePipelineRouter(
            namespaces: labelled, requests: cache.requests, schedules: Store<ReportSchedule>(),
            wakeRequest: { [passes] in passes.queue.add($0) }, wakeSchedule: { _ in }
        ).wakeAll()
    }

    // MARK: Passes

    /// Passes with fresh caches until nothing is left to do, or only to try again later. `visit` is told of the cluster
    /// after each write.
    mutating func settle(
        _ cluster: inout SimulatedCluster, visit: (SimulatedCluster) -> Void = { _ in }
    ) async {
        // Simulations wait for nothing, so they let others have a turn.
        await Task.yield()
        hearFromStores(cluster)
        serveLocks(&cluster)
        passes.wake(at: cluster.now.date)
        for _ in 0..<80 {
            show(Lag())
            guard let key = await passes.next() else { return expectRest(&cluster) }
            let (before, now) = (cluster, cluster.now.date)
            let refusals = cluster.server.state.refusals.count
            let moments = await cluster.server.recordingWrites { await passes.pass(key, at: now, reconciler.reconcile) }
            for moment in moments { visit(before.copy(at: moment)) }
            // What isn't watched is met when it is made again.
            for refusal in cluster.server.state.refusals[refusals...]
            where !refusal.hasSuffix("NotFound") && !refusal.contains("persistentvolumeclaims") {
                cluster.inspector.violations.append("on fresh caches: \(refusal)")
            }
            serveLocks(&cluster)
            cluster.inspect()
        }
        cluster.inspector.violations.append("it doesn't settle at step \(cluster.steps)")
    }

    /// A pass for each request on what late watches show; `writes` is how many it lives to do.
    mutating func pass(_ cluster: inout SimulatedCluster, lag: Lag, writes: Int = .max) async {
        show(lag)
        passes.wake(at: cluster.now.date)
        for request in cache.requests.all() { passes.queue.add(request.key) }
        budget.allow(writes)
        for _ in 0..<passes.queue.depth {
            guard let key = await passes.next() else { break }
            await passes.pass(key, at: cluster.now.date, reconciler.reconcile)
        }
        serveLocks(&cluster)
        cluster.inspect()
    }

    /// What has settled must have nothing planned for it, unless it is to be tried again.
    private func expectRest(_ cluster: inout SimulatedCluster) {
        for request in cache.requests.all() where !passes.isDueSoon(request.key, at: cluster.now.date) {
            guard let observed = observer.observe(request.key, at: cluster.now) else { continue }
            let plan = RunPlanner.plan(observed, now: cluster.now)
            if plan != RunPlanner.plan(observed, now: cluster.now) {
                cluster.inspector.violations.append("the same observation gave two plans")
            }
            guard !plan.isEmpty else { continue }
            cluster.inspector.violations.append(
                "nobody wakes \(request.metadata.name) at step \(cluster.steps), and there is to do: \(plan.kinds), "
                    + "\(plan.status?.message ?? "")")
        }
    }

    // MARK: What wakes it

    private mutating func show(_ lag: Lag) {
        namespaces?.advance()
        jobs.advance(lag: lag.jobs)
        pods.advance(lag: lag.pods)
        pipelines.advance()
        channels?.advance()
        deliveries?.advance(lag: lag.deliveries)
        requests.advance(lag: lag.requests)
    }

    /// What the record's projector and the lock's keeper tell.
    private func hearFromStores(_ cluster: SimulatedCluster) {
        if let ledger {
            ledger.outage(cluster.storeIsAway ? "MongoDB is away" : nil)
            for request in cluster.server.all(ReportRequest.self) where ledger.record(of: request) != .stored {
                // Who has ended hears of an outage, too.
                if !cluster.storeIsAway { ledger.stored(request.trimmedForCache) }
                passes.queue.add(request.key)
            }
        }
        locks.noticed(.lookAtAll)
    }

    private func serveLocks(_ cluster: inout SimulatedCluster) {
        servePublished(cluster)
        for due in locks.due(at: .now) {
            let isNews =
                switch due.call {
                case .acquire:
                    cluster.acquireLock(due.uid).map {
                        locks.held(due.uid, fence: $0, renewAt: .now + .seconds(3600), lapses: .now + .seconds(7200))
                    } ?? locks.mustWait(due.uid, until: .now + .seconds(3600))
                case .renew(let fence):
                    cluster.renewLock(due.uid)
                        ? locks.held(
                            due.uid, fence: fence, renewAt: .now + .seconds(3600), lapses: .now + .seconds(7200))
                        : locks.lost(due.uid)
                case .release:
                    released(due.uid, &cluster)
                }
            if isNews { passes.queue.add(due.key) }
        }
    }

    private func servePublished(_ cluster: SimulatedCluster) {
        let due = published.due()
        let counts = Dictionary(uniqueKeysWithValues: due.map { ($0, cluster.script.rows) })
        let woken = cluster.storeIsAway ? published.failed(due, "MongoDB is away") : published.note(counts, of: due)
        for key in woken { passes.queue.add(key) }
    }

    private func released(_ uid: String, _ cluster: inout SimulatedCluster) -> Bool {
        cluster.releaseLock(uid)
        return locks.released(uid)
    }
}
