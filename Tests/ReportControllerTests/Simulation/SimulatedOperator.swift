import AsyncSupport
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import Metrics
import ReportAPI
import ReportPlanning
import ReportStores
import Synchronization
import TestSupport

@testable import ControllerRuntime
@testable import ReportController

/// How far behind each watch is, in events of the server.
struct Lag: Hashable, Sendable {
    var requests = 0
    var jobs = 0
    var pods = 0
}

/// The operator's own observer, applier, router and reconciler on a simulated cluster, one pass after the other in place of
/// its workers. Dropping it and making a new one is a crash.
struct SimulatedOperator {
    private let cache = ClusterCache()
    private let ledger: RecordLedger?
    private let locks: SharedLocks
    private let queue: WorkQueue<ObjectKey>
    private let observer: RunObserver
    private let reconciler: RunReconciler
    private let budget = WriteBudget()
    private var requests: WatchFeed<ReportRequest>
    private var pipelines: WatchFeed<ReportPipeline>
    private var jobs: WatchFeed<Job>
    private var pods: WatchFeed<Pod>
    /// When a key is to be looked at again.
    private var delayed: [ObjectKey: Date] = [:]
    /// Keys whose last pass came to nothing.
    private var failing: Set<ObjectKey> = []

    /// Begins with a list, which the API server answers with what is; then its watches may fall behind.
    init(on cluster: SimulatedCluster) {
        let server = cluster.server
        let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        let setbacks = Setbacks<ObservedRun.Setback>()
        let troubles = Troubles()
        let doubts = PlaceDoubts()
        let metrics = MetricsRegistry()
        let now: @Sendable () -> Date = { server.state.now.date }
        ledger = cluster.script.hasStore ? RecordLedger() : nil
        locks = SharedLocks(isConfigured: cluster.script.hasLock)
        queue = WorkQueue(name: "simulation")
        requests = WatchFeed(cache.requests, listing: server)
        pipelines = WatchFeed(cache.pipelines, listing: server)
        jobs = WatchFeed(cache.jobs, selector: ReportsAPI.runSelector, listing: server)
        pods = WatchFeed(cache.pods, selector: ReportsAPI.runSelector, listing: server)
        observer = RunObserver(
            cache: cache, setbacks: setbacks, troubles: troubles, doubts: doubts, locks: locks, ledger: ledger,
            untold: nil)
        reconciler = RunReconciler(
            cache: cache, observer: observer,
            applier: RunApplier(
                writer: ClusterWriter(
                    client: server.client.writing { [budget] in budget.take() }, metrics: metrics),
                cache: cache, setbacks: setbacks, troubles: troubles, doubts: doubts, locks: locks,
                metrics: ReportMetrics(registry: metrics, cache: cache), logger: logger),
            wake: { [queue] in queue.add($0) }, logger: logger, now: now)
        RunRouter(cache: cache, setbacks: setbacks, troubles: troubles, doubts: doubts, queue: queue).connect()
        hearFromStores(cluster)
    }

    // MARK: Passes

    /// Passes with fresh caches until nothing is left to do, or only to try again later. `visit` is told of the cluster
    /// after each write.
    mutating func settle(
        _ cluster: inout SimulatedCluster, visit: (SimulatedCluster) -> Void = { _ in }
    ) async {
        hearFromStores(cluster)
        serveLocks(&cluster)
        wake(cluster)
        for _ in 0..<80 {
            show(Lag())
            guard let key = await nextKey() else { return expectRest(&cluster) }
            let before = cluster
            let refusals = cluster.server.state.refusals.count
            let moments = await cluster.server.recordingWrites { await pass(key, cluster) }
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
        wake(cluster)
        for request in cache.requests.all() { queue.add(request.key) }
        budget.allow(writes)
        for _ in 0..<queue.depth {
            guard let key = await nextKey() else { break }
            await pass(key, cluster)
        }
        serveLocks(&cluster)
        cluster.inspect()
    }

    private mutating func pass(_ key: ObjectKey, _ cluster: SimulatedCluster) async {
        delayed[key] = nil
        failing.remove(key)
        do {
            switch try await reconciler.reconcile(key) {
            case .done, .parked: break
            case .lookAgain: delayed[key] = cluster.now.date + 0.1
            case .requeue(let delay) where delay <= .zero: queue.add(key)
            case .requeue(let delay): delayed[key] = cluster.now.date + delay.seconds
            }
        } catch {
            failing.insert(key)
            delayed[key] = cluster.now.date + 1
        }
        queue.done(key)
    }

    /// What has settled must have nothing planned for it, unless it is to be tried again.
    private func expectRest(_ cluster: inout SimulatedCluster) {
        let soon = cluster.now.date + 1
        for request in cache.requests.all()
        where !failing.contains(request.key) && !(delayed[request.key].map { $0 <= soon } ?? false) {
            guard let observed = observer.observe(request.key) else { continue }
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

    private func nextKey() async -> ObjectKey? { queue.depth > 0 ? await queue.next() : nil }

    // MARK: What wakes it

    private mutating func show(_ lag: Lag) {
        jobs.advance(lag: lag.jobs)
        pods.advance(lag: lag.pods)
        pipelines.advance()
        requests.advance(lag: lag.requests)
    }

    private mutating func wake(_ cluster: SimulatedCluster) {
        // A moment that is waited for counts as come a little later than the second itself.
        let now = cluster.now.date + 0.5
        for (key, due) in delayed where due <= now {
            delayed[key] = nil
            queue.add(key)
        }
    }

    /// What the record's projector and the lock's keeper tell.
    private func hearFromStores(_ cluster: SimulatedCluster) {
        if let ledger {
            ledger.outage(cluster.storeIsAway ? "MongoDB is away" : nil)
            for request in cluster.server.all(ReportRequest.self) where !cluster.storeIsAway {
                guard ledger.record(of: request) != .stored else { continue }
                ledger.stored(request.trimmedForCache)
                queue.add(request.key)
            }
        }
        locks.noticed(.lookAtAll)
    }

    private func serveLocks(_ cluster: inout SimulatedCluster) {
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
            if isNews { queue.add(due.key) }
        }
    }

    private func released(_ uid: String, _ cluster: inout SimulatedCluster) -> Bool {
        cluster.releaseLock(uid)
        return locks.released(uid)
    }
}

/// How many writes an operator lives to do.
private final class WriteBudget: Sendable {
    private let left = Mutex(Int.max)

    func allow(_ writes: Int) { left.withLock { $0 = writes } }

    func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
