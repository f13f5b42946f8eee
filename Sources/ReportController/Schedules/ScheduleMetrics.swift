import ControllerRuntime
import KubernetesModel
import PrometheusMetrics
import ReportAPI

/// The figures of schedules, beside those of the runtime.
struct ScheduleMetrics: Sendable {
    let served: Counter
    let times: ScheduleTimes

    init(registry: MetricsRegistry, cache: ScheduleCache) {
        served = registry.counter(
            "report_operator_ticks_served_total", help: "Requests that were made for schedules' ticks.")
        for ready in ["true", "false"] {
            registry.gauge(
                "report_operator_schedules", help: "Schedules there are, by whether they tick.",
                labels: [("ready", ready)]
            ) { Double(cache.countOfSchedules(ready: ready)) }
        }
        times = ScheduleTimes()
        registry.gauges(
            "report_schedule_last_success_timestamp_seconds",
            help: "When a run of the schedule last succeeded; absent before the first."
        ) { [times] in times.samples(\.lastSuccess) }
        registry.gauges(
            "report_schedule_next_timestamp_seconds",
            help: "The first time after the newest tick at which the schedule has to tick: one in the past was missed."
        ) { [times] in times.samples(\.next) }
    }
}
