import PrometheusMetrics

/// What became of messages from brokers.
struct IntakeMetrics: Sendable {
    let accepted: Counter
    let refused: Counter
    let retried: Counter

    init(registry: MetricsRegistry, standings: IntakeStandings) {
        func messages(_ outcome: String) -> Counter {
            registry.counter(
                "report_courier_intake_messages_total", help: "Messages from brokers, by what became of them.",
                labels: [("outcome", outcome)])
        }
        (accepted, refused, retried) = (messages("accepted"), messages("refused"), messages("retried"))
        registry.gauge(
            "report_courier_intakes", help: "Channels that take requests in, by whether they can.",
            labels: [("state", "reading")]
        ) { Double(standings.count { $0 == .reading }) }
        registry.gauge(
            "report_courier_intakes", help: "Channels that take requests in, by whether they can.",
            labels: [("state", "failed")]
        ) { Double(standings.count { $0 != .reading && $0 != .connecting }) }
    }
}
