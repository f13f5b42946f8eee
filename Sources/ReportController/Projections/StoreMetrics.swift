import ControllerRuntime
import Synchronization

/// How it goes with one of the servers outside the cluster.
struct StoreMetrics: Sendable {
    let written: Counter
    let failures: Counter
    private let up: Gauge

    /// `store`: `mongodb` or `redis`; `pending`: how many requests' states wait to be told there.
    init(registry: MetricsRegistry, store: String, pending: @escaping @Sendable () -> Int) {
        let labels = [("store", store)]
        written = registry.counter(
            "report_operator_store_writes_total", help: "Requests' states that were written, by store.", labels: labels)
        failures = registry.counter(
            "report_operator_store_failures_total", help: "Writes that failed and are tried again, by store.",
            labels: labels)
        up = registry.gauge(
            "report_operator_store_up", help: "Whether the last write to the store succeeded.", labels: labels)
        registry.gauge(
            "report_operator_store_pending", help: "Requests whose state waits to be written, by store.", labels: labels
        ) { Double(pending()) }
    }

    func isUp(_ holds: Bool) { up.set(holds ? 1 : 0) }
}
