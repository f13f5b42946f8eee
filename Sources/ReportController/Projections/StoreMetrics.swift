import ControllerRuntime
import PrometheusMetrics
import Synchronization

/// Health of one external server.
struct StoreMetrics: Sendable {
    let written: Counter
    let failures: Counter
    private let state = UpState()
    /// Whether a new connection was accepted when that was last tried.
    private let admission = UpState()

    /// `store`: `mongodb`, `redis` or `redis-lock`; `pending`: how many requests' states wait to be told there.
    init(registry: MetricsRegistry, store: String, pending: @escaping @Sendable () -> Int) {
        let labels = [("store", store)]
        written = registry.counter(
            "report_operator_store_writes_total", help: "Requests' states that were written, by store.", labels: labels)
        failures = registry.counter(
            "report_operator_store_failures_total", help: "Writes that failed and are tried again, by store.",
            labels: labels)
        registry.gauge(
            "report_operator_store_up",
            help: "Whether the last call to the store succeeded, and the last new connection; absent before the first.",
            labels: labels
        ) { [state, admission] in
            guard let admitted = admission.value else { return state.value }
            return min(admitted, state.value ?? admitted)
        }
        registry.gauge(
            "report_operator_store_pending", help: "Requests whose state waits to be written, by store.", labels: labels
        ) { Double(pending()) }
    }

    func isUp(_ holds: Bool) { state.set(holds ? 1 : 0) }

    func acceptsConnections(_ holds: Bool) { admission.set(holds ? 1 : 0) }
}

/// Nil until the first call has come to something.
private final class UpState: Sendable {
    private let last = Mutex<Double?>(nil)

    var value: Double? { last.withLock { $0 } }

    func set(_ value: Double) { last.withLock { $0 = value } }
}
