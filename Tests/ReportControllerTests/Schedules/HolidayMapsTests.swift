import ControllerRuntime
import KubernetesModel
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ReportController

/// The ConfigMaps of holidays, as they are read.
struct HolidayMapsTests {
    private static let key = OwnerKey(namespace: "finance", uid: "s-1")

    private func schedule(_ holidays: ReportScheduleSpec.Holidays?) -> ReportSchedule {
        var spec = ReportScheduleSpec.fixture()
        spec.holidays = holidays
        return ReportSchedule(
            metadata: ObjectMeta(name: "nightly", namespace: "finance", uid: "s-1"), spec: spec)
    }

    @Test func eachPassReadsItAnewAndKnowsWhenToReadItNext() async throws {
        let server = InMemoryAPIServer()
        let maps = HolidayMaps(
            writer: ClusterWriter(client: server.client, program: "report_operator", metrics: MetricsRegistry()))
        let named = schedule(.init(configMap: .init(name: "plant")))
        #expect(maps.latest(for: Self.key) == .unread)
        #expect(try await maps.read(for: Self.key, named) == .seconds(15))
        #expect(maps.latest(for: Self.key) == .missing)
        try server.insert(
            ConfigMap(metadata: ObjectMeta(name: "plant", namespace: "finance"), data: ["holidays": "2026-12-25"]))
        #expect(try await maps.read(for: Self.key, named) == .seconds(60))
        #expect(maps.latest(for: Self.key) == .found(["holidays": "2026-12-25"]))
        #expect(try await maps.read(for: Self.key, schedule(.init(dates: ["2026-12-25"]))) == nil)
        #expect(maps.latest(for: Self.key) == .unread, "what isn't named any more is kept no longer")
    }
}
