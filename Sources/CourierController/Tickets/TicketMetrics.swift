import PrometheusMetrics
import ReportRecords

/// What the courier counts of tickets.
struct TicketMetrics: Sendable {
    private let registry: MetricsRegistry
    private let channels = BoundedLabels<String>()

    init(registry: MetricsRegistry) { self.registry = registry }

    /// What an entry became: `Open`, `Closed` or `Failed`.
    func became(_ entry: TicketEntry) {
        registry.counter(
            "report_tickets_total", help: "Tickets that were opened, closed, or given up, by channel.",
            labels: [("channel", channels.bounded(entry.channel)), ("outcome", entry.state.rawValue)]
        ).increment()
    }
}
