import GatewayAPI
import KubernetesModel
import ReportAPI
import Testing

@testable import GatewayServer

/// Which live requests are a schedule's.
struct ScheduleFilterTests {
    private func request(_ name: String, origin: String?) -> ReportRequest {
        var labels = [
            ReportsAPI.Label.schedule: "monthly", ReportsAPI.Label.scheduleUID: "s-1", ReportsAPI.Label.tickUID: "t-1",
        ]
        if let origin { labels[ReportsAPI.Label.origin] = origin }
        return ReportRequest(
            metadata: ObjectMeta(name: name, namespace: "finance", uid: "uid-of-\(name)", labels: labels),
            spec: ReportRequestSpec(pipelineRef: .init(name: "trial-balance")))
    }

    @Test func aCopyWithItsLabelsIsNot() throws {
        let query = try RequestListQuery("schedule=monthly")
        let origin = ReportRequest.origin(schedule: "s-1", tick: "t-1", namespace: "finance", name: "monthly-by-hand")
        #expect(query.matches(request("monthly-by-hand", origin: origin), caller: nil))
        #expect(query.matches(request("monthly-27340000", origin: nil), caller: nil))
        #expect(!query.matches(request("copy", origin: origin), caller: nil))
        #expect(!query.matches(request("copy", origin: nil), caller: nil))
    }
}
