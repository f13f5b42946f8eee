import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import TestSupport
import Testing
import ZoneFiles

@testable import ControllerRuntime
@testable import ReportController

/// A status that met a newer object is looked at again as the queue has it, by whatever reconciler; the runs' is in `PassTests`, the pauses in
/// `ControllerTests`.
struct ConflictTests {
    private let server = InMemoryAPIServer { $0.subresource == "status" ? .conflict : nil }
    private let registry = MetricsRegistry()
    private let reports = ClusterCache()
    private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private let key = ObjectKey(namespace: "finance", name: "nightly")

    private func writer(readsBack: Bool) -> ClusterWriter {
        ClusterWriter(client: server.client, program: "report_operator", metrics: registry, readsBack: readsBack)
    }

    @Test func aSchedulesStatusIsLookedAtAgain() async throws {
        try server.insert(
            ReportSchedule(
                metadata: ObjectMeta(name: key.name, namespace: key.namespace, uid: "s-1", creationTimestamp: .start),
                spec: .fixture()))
        try server.insert(ScheduleCluster.pipeline)
        let cache = ScheduleCache(requests: reports.requests)
        let (setbacks, api) = (Setbacks<ObservedSchedule.Setback>(), CronJobAPI())
        let writer = writer(readsBack: true)
        try await api.discover(server.client)
        _ = WatchFeed(cache.schedules, listing: server)
        _ = WatchFeed(cache.cronJobs, listing: server)
        _ = WatchFeed(reports.pipelines, listing: server)
        let reconciler = ScheduleReconciler(
            observer: ScheduleObserver(
                cache: cache, setbacks: setbacks, api: api, zones: ZoneFiles(), pipelines: reports.pipelines,
                untold: nil, holidays: HolidayMaps(writer: writer)),
            applier: ScheduleApplier(
                writer: writer, cache: cache, setbacks: setbacks, api: api,
                metrics: ScheduleMetrics(registry: registry, cache: cache), logger: logger),
            logger: logger, now: { Timestamp.start.date })
        // Its CronJob comes first.
        let schedule = OwnerKey(namespace: key.namespace, uid: "s-1")
        _ = try await reconciler.reconcile(schedule)
        #expect(server.all(CronJob.self).count == 1)
        #expect(try await reconciler.reconcile(schedule) == .lookAgain)
    }

    @Test func aTriggersStatusIsLookedAtAgain() async throws {
        try server.insert(
            ReportTrigger(
                metadata: ObjectMeta(name: key.name, namespace: key.namespace, uid: "t-1"),
                spec: ReportTriggerSpec(
                    match: .init(labels: ["alertname": "Stopped"]), request: .init(pipelineRef: .init(name: "mttr")),
                    tokenSHA256: String(repeating: "0", count: 64))))
        try server.insert(ReportPipeline.fixture("mttr"))
        let cache = TriggerCache(requests: reports.requests, pipelines: reports.pipelines)
        _ = WatchFeed(cache.triggers, listing: server)
        _ = WatchFeed(cache.pipelines, listing: server)
        let reconciler = TriggerReconciler(
            cache: cache, setbacks: Setbacks<ObservedTrigger.Setback>(), writer: writer(readsBack: false),
            zones: ZoneFiles(), metrics: TriggerMetrics(registry: registry, cache: cache), logger: logger,
            now: { Timestamp.start.date })
        #expect(try await reconciler.reconcile(key) == .lookAgain)
    }

    @Test func aPipelinesStatusIsLookedAtAgain() async throws {
        try server.insert(ReportPipeline.fixture(key.name))
        _ = WatchFeed(reports.pipelines, listing: server)
        let reconciler = PipelineReconciler(
            pipelines: reports.pipelines, writer: writer(readsBack: false), zones: ZoneFiles(), logger: logger,
            now: { Timestamp.start.date })
        #expect(try await reconciler.reconcile(key) == .lookAgain)
    }
}
