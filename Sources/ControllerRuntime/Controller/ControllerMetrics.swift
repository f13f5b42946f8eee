import PrometheusMetrics

/// The metrics of one controller, under controller-runtime's names. All of them exist from the start, at zero.
struct ControllerMetrics: Sendable {
    let success: Counter
    let error: Counter
    let requeueAfter: Counter
    let requeue: Counter
    let errors: Counter
    let terminalErrors: Counter
    let timeouts: Counter
    let time: Histogram
    let activeWorkers: Gauge

    init(registry: MetricsRegistry, controller: String, workers: Int) {
        let labels = [("controller", controller)]
        func result(_ name: String) -> Counter {
            registry.counter(
                "controller_runtime_reconcile_total", help: "Reconciliations by result.",
                labels: labels + [("result", name)])
        }
        success = result("success")
        error = result("error")
        requeueAfter = result("requeue_after")
        requeue = result("requeue")
        errors = registry.counter(
            "controller_runtime_reconcile_errors_total", help: "Reconciliations that failed.", labels: labels)
        terminalErrors = registry.counter(
            "controller_runtime_terminal_reconcile_errors_total",
            help: "Reconciliations that failed in a way that retrying can't fix.", labels: labels)
        timeouts = registry.counter(
            "controller_runtime_reconcile_timeouts_total", help: "Reconciliations that took too long.", labels: labels)
        // A Swift trap ends the process, so this one stays at zero; it exists for the dashboards.
        _ = registry.counter(
            "controller_runtime_reconcile_panics_total", help: "Always zero: a trap ends the process.", labels: labels)
        time = registry.histogram(
            "controller_runtime_reconcile_time_seconds", help: "How long reconciliations took.", labels: labels,
            bounds: MetricBuckets.reconcile)
        activeWorkers = registry.gauge(
            "controller_runtime_active_workers", help: "Workers that have a key.", labels: labels)
        registry.gauge("controller_runtime_max_concurrent_reconciles", help: "Workers.", labels: labels)
            .set(Double(workers))
    }
}
