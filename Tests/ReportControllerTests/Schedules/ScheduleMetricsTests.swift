import KubernetesModel
import PrometheusMetrics
import ReportAPI
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

struct ScheduleMetricsTests {
    /// One that ticks, and whose runs can only fail, is none of those that are ready.
    @Test func whatIsNotReadyIsCounted() {
        let registry = MetricsRegistry()
        let cache = ScheduleCache(requests: ClusterCache().requests)
        let metrics = ScheduleMetrics(registry: registry, cache: cache)
        let conditions: [Condition] = [
            .ready("True", Reason.scheduled), .ready("False", Reason.invalidParameters),
            .ready("False", Reason.pipelineNotFound), .ready("False", Reason.neverDue),
        ]
        let schedules = conditions.enumerated().map { number, condition in
            var schedule = ReportSchedule(
                metadata: ObjectMeta(name: "s\(number)", namespace: "finance", uid: "s-\(number)"), spec: .fixture())
            schedule.status = ReportScheduleStatus()
            schedule.status?.conditions = [condition]
            return schedule
        }
        cache.schedules.replace(with: schedules.map(Stored.init), resourceVersion: "1")
        let page = registry.render()
        #expect(page.contains("report_operator_schedules{ready=\"false\"} 3"), "\(page)")
        #expect(page.contains("report_operator_schedules{ready=\"true\"} 1"))
        #expect(metrics.served.value == 0)
    }
}
