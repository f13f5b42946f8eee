import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import TestSupport
import ZoneFiles

@testable import ControllerRuntime
@testable import ReportController

/// The operator's own observer, applier, router and reconciler of schedules on a simulated cluster, one pass after the
/// other. Dropping it and making a new one is a crash.
struct ScheduleOperator {
    private static let key = OwnerKey(namespace: "finance", uid: ScheduleCluster.uid)

    private let observer: ScheduleObserver
    private let reconciler: ScheduleReconciler
    private let budget = WriteBudget()
    private var passes = Passes<OwnerKey>()
    private var schedules: WatchFeed<ReportSchedule>
    private var cronJobs: WatchFeed<CronJob>
    private var ticks: WatchFeed<Tick>
    private var requests: WatchFeed<ReportRequest>
    private var pipelines: WatchFeed<ReportPipeline>

    /// Begins with lists of what there is.
    init(on cluster: ScheduleCluster) async throws {
        let server = cluster.server
        let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        let metrics = MetricsRegistry()
        let reports = ClusterCache()
        let cache = ScheduleCache(requests: reports.requests)
        let setbacks = Setbacks<ObservedSchedule.Setback>()
        let api = CronJobAPI()
        let client = server.client.writing { [budget] in budget.take() }
        let writer = ClusterWriter(client: client, program: "report_operator", metrics: metrics)
        let holidays = HolidayMaps(writer: writer)
        try await api.discover(server.client)
        requests = WatchFeed(cache.requests, listing: server)
        ticks = WatchFeed(cache.ticks, selector: ReportsAPI.scheduleSelector, listing: server)
        cronJobs = WatchFeed(cache.cronJobs, selector: ReportsAPI.scheduleSelector, listing: server)
        schedules = WatchFeed(cache.schedules, listing: server)
        pipelines = WatchFeed(reports.pipelines, listing: server)
        observer = ScheduleObserver(
            cache: cache, setbacks: setbacks, api: api, zones: ZoneFiles(), pipelines: reports.pipelines, untold: nil,
            holidays: holidays)
        reconciler = ScheduleReconciler(
            observer: observer,
            applier: ScheduleApplier(
                writer: writer, cache: cache, setbacks: setbacks, api: api,
                metrics: ScheduleMetrics(registry: metrics, cache: cache), logger: logger),
            logger: logger, now: { server.state.now.date })
        ScheduleRouter(
            cache: cache, setbacks: setbacks, api: api, pipelines: reports.pipelines, holidays: holidays,
            queue: passes.queue
        ).connect()
    }

    /// Passes with fresh caches until nothing is left to do, or only to try again later. `visit` is told of the cluster
    /// after each write.
    mutating func settle(
        _ cluster: inout ScheduleCluster, visit: (ScheduleCluster) -> Void = { _ in }
    ) async {
        // Simulations wait for nothing, so they let others have a turn.
        await Task.yield()
        passes.wake(at: cluster.now.date)
        for _ in 0..<80 {
            show(lags: [0, 0, 0, 0])
            guard let uid = await passes.next() else { return expectRest(&cluster) }
            let before = cluster
            let now = cluster.now.date
            let moments = await cluster.server.recordingWrites {
                await passes.pass(uid, at: now, reconciler.reconcile)
            }
            for moment in moments { visit(before.copy(at: moment)) }
            cluster.inspect()
        }
        cluster.inspector.violations.append("it doesn't settle at step \(cluster.steps)")
    }

    /// One pass where the watches of schedules, CronJobs, ticks and requests are that many events behind; `writes` is how
    /// many it lives to do.
    mutating func pass(_ cluster: inout ScheduleCluster, lags: [Int], writes: Int = .max) async {
        show(lags: lags)
        passes.wake(at: cluster.now.date)
        passes.queue.add(Self.key)
        budget.allow(writes)
        if let uid = await passes.next() { await passes.pass(uid, at: cluster.now.date, reconciler.reconcile) }
        cluster.inspect()
    }

    private mutating func show(lags: [Int]) {
        pipelines.advance(lag: lags[0])
        requests.advance(lag: lags[3])
        ticks.advance(lag: lags[2])
        cronJobs.advance(lag: lags[1])
        schedules.advance(lag: lags[0])
    }

    /// What has settled must have nothing planned for it, unless it is to be tried again.
    private func expectRest(_ cluster: inout ScheduleCluster) {
        let now = cluster.now
        guard !passes.isDueSoon(Self.key, at: now.date) else { return }
        let observed = observer.observe(Self.key)
        let plan = SchedulePlanner.plan(observed, now: now)
        if plan != SchedulePlanner.plan(observed, now: now) {
            cluster.inspector.violations.append("the same observation gave two plans")
        }
        guard !plan.isEmpty else { return }
        cluster.inspector.violations.append(
            "nobody wakes the schedule at step \(cluster.steps), and there is to do: \(plan.actions), "
                + "\(plan.retries), \(plan.status == nil ? "" : "its status")")
    }
}
