import ControllerRuntime
import KubernetesModel
import PrometheusMetrics
import ReportAPI

/// The figures of schedules, beside those of the runtime.
struct ScheduleMetrics: Sendable {
    let served: Counter

    init(registry: MetricsRegistry, cache: ScheduleCache) {
        served = registry.counter(
            "report_operator_ticks_served_total", help: "Requests that were made for schedules' ticks.")
        registry.gauge(
            "report_operator_schedules", help: "Schedules there are, by whether they tick.",
            labels: [("ready", "true")]
        ) { Double(cache.schedules.all().count { $0.status?.ready?.isTrue ?? false }) }
        registry.gauge(
            "report_operator_schedules", help: "Schedules there are, by whether they tick.",
            labels: [("ready", "false")]
        ) { Double(cache.schedules.all().count { !($0.status?.ready?.isTrue ?? false) }) }
    }
}
