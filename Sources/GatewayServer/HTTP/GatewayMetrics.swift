internal import PrometheusMetrics
internal import Synchronization

/// What the gateway counts of itself.
final class GatewayMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Series {
        var requests: [Key: Counter] = [:]
        var durations: [String: Histogram] = [:]
    }

    private let registry: MetricsRegistry
    private let series = Mutex(Series())

    init(registry: MetricsRegistry, streams: @escaping @Sendable () -> Int) {
        self.registry = registry
        registry.gauge(
            "report_gateway_event_streams", help: "Event streams that are open.", read: { Double(streams()) })
    }

    /// `route`: the pattern, never the path, so that nobody can make series.
    func answered(method: String, route: String, status: Int, duration: Duration) {
        let key = Key(route: route, method: method, status: status)
        let (count, time) = series.withLock { series in
            let count = series.requests[key] ?? counter(key)
            let time = series.durations[route] ?? histogram(route)
            series.requests[key] = count
            series.durations[route] = time
            return (count, time)
        }
        count.increment()
        time.observe(duration)
    }

    private func counter(_ key: Key) -> Counter {
        registry.counter(
            "report_gateway_http_requests_total", help: "Requests that were answered, by route, method and status.",
            labels: [("route", key.route), ("method", key.method), ("code", "\(key.status)")])
    }

    private func histogram(_ route: String) -> Histogram {
        registry.histogram(
            "report_gateway_http_request_duration_seconds",
            help: "Until the head of an answer was there, by route; of event streams, until they began.",
            labels: [("route", route)], bounds: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30])
    }
}
