import ControllerRuntime
import PrometheusMetrics
import ReportAPI

/// The figures of triggers, beside those of the runtime.
struct TriggerMetrics: Sendable {
    let made: Counter

    init(registry: MetricsRegistry, cache: TriggerCache) {
        made = registry.counter(
            "report_operator_trigger_requests_total", help: "Requests that were made of alerts, escalation included.")
        for ready in ["true", "false"] {
            registry.gauge(
                "report_operator_triggers",
                help: "Triggers there are, by whether requests can be made of their alerts.",
                labels: [("ready", ready)]
            ) { Double(cache.countOfTriggers(ready: ready)) }
        }
    }
}
