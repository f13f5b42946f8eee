import ControllerRuntime
import DeliveryChannels
import FoundationEssentials
import KubernetesModel
import PrometheusMetrics
import ReportAPI

/// What the courier counts of deliveries.
struct DeliveryMetrics: Sendable {
    private let registry: MetricsRegistry
    private let channels = BoundedLabels<String>()
    private let lag: Histogram

    init(registry: MetricsRegistry, cache: CourierCache, inFlight: InFlight) {
        self.registry = registry
        lag = registry.histogram(
            "report_delivery_lag_seconds", help: "From a delivery's creation to its end, failures included.",
            bounds: MetricBuckets.runs)
        for phase in ReportDeliveryStatus.Phase.allCases {
            registry.gauge(
                "report_courier_deliveries", help: "Deliveries in the cluster by phase.",
                labels: [("phase", phase.rawValue)]
            ) { Double(cache.deliveries.count(by: CourierCache.Index.phase, value: phase.rawValue)) }
        }
        registry.gauge("report_courier_copies_in_flight", help: "Copies that are being sent now.") {
            Double(inFlight.count)
        }
    }

    /// One try of one copy.
    func tried(_ type: String, _ outcome: SendOutcome, took: Duration) {
        registry.counter(
            "report_courier_sends_total", help: "Tries to send a copy.",
            labels: [("type", type), ("outcome", outcome.name)]
        ).increment()
        registry.histogram(
            "report_courier_send_seconds", help: "How long a try took, from the claim on.",
            labels: [("type", type)], bounds: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
        ).observe(took)
    }

    /// A delivery came to its end.
    func ended(_ delivery: ReportDelivery, _ phase: ReportDeliveryStatus.Phase, at now: Date) {
        registry.counter(
            "report_deliveries_total", help: "Deliveries that ended, by channel and by how.",
            labels: [
                ("channel", channels.bounded(delivery.spec.value?.channel ?? "")), ("outcome", phase.rawValue),
            ]
        ).increment()
        guard let created = delivery.metadata.creationTimestamp else { return }
        lag.observe(max(0, now.timeIntervalSince(created.date)))
    }
}
