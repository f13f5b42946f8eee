public import KubernetesClient
public import PrometheusMetrics
import Synchronization

/// Counts the requests to the API server, under client-go's names.
public final class RequestMetrics: RequestObserver {
    private struct Key: Hashable {
        var verb: String
        var code: Int?
    }

    private struct Series {
        var requests: [Key: Counter] = [:]
        var retries: [Key: Counter] = [:]
        var durations: [String: Histogram] = [:]
        var sent: [String: Histogram] = [:]
        var received: [String: Histogram] = [:]
    }

    private let registry: MetricsRegistry
    private let host: String
    /// The series by what tells them apart, so that a request that is like another one renders no labels.
    private let series = Mutex(Series())

    /// `host` is the API server's, with its port.
    public init(registry: MetricsRegistry, host: String) {
        self.registry = registry
        self.host = host
    }

    public func requestFinished(verb: String, resource: String, code: Int?, duration: Duration) {
        let (count, time) = series.withLock { series in
            (
                lookUp(Key(verb: verb, code: code), in: &series.requests, make: requests),
                lookUp(verb, in: &series.durations, make: durations)
            )
        }
        count.increment()
        time.observe(duration)
    }

    public func requestRetried(verb: String, resource: String, code: Int?) {
        series.withLock { lookUp(Key(verb: verb, code: code), in: &$0.retries, make: retries) }.increment()
    }

    public func requestTransferred(verb: String, resource: String, sent: Int, received: Int) {
        let (request, response) = series.withLock { series in
            (
                lookUp(verb, in: &series.sent) { bytes("rest_client_request_size_bytes", verb: $0) },
                lookUp(verb, in: &series.received) { bytes("rest_client_response_size_bytes", verb: $0) }
            )
        }
        request.observe(Double(sent))
        response.observe(Double(received))
    }

    private func lookUp<Key, Value>(_ key: Key, in known: inout [Key: Value], make: (Key) -> Value) -> Value {
        if let value = known[key] { return value }
        let value = make(key)
        known[key] = value
        return value
    }

    private func requests(_ key: Key) -> Counter {
        registry.counter(
            "rest_client_requests_total", help: "Requests by HTTP status; <error> where no response came.",
            labels: labels(key))
    }

    private func retries(_ key: Key) -> Counter {
        registry.counter(
            "rest_client_request_retries_total", help: "Requests that were repeated, by the status that led to it.",
            labels: labels(key))
    }

    private func durations(_ verb: String) -> Histogram {
        registry.histogram(
            "rest_client_request_duration_seconds", help: "How long requests took; watches until they began.",
            labels: [("verb", Self.method(verb)), ("host", host)], bounds: MetricBuckets.request)
    }

    private func bytes(_ name: String, verb: String) -> Histogram {
        registry.histogram(
            name, help: "Bytes of bodies, uncompressed.", labels: [("verb", Self.method(verb)), ("host", host)],
            bounds: MetricBuckets.bytes)
    }

    private func labels(_ key: Key) -> [(String, String)] {
        [("code", key.code.map(String.init) ?? "<error>"), ("method", Self.method(key.verb)), ("host", host)]
    }

    /// client-go's labels have the HTTP method where Kubernetes has a verb of its own.
    private static func method(_ verb: String) -> String {
        switch verb {
        case "get", "list", "watch": "GET"
        case "create": "POST"
        case "update": "PUT"
        case "patch": "PATCH"
        case "delete", "deletecollection": "DELETE"
        default: verb.uppercased()
        }
    }
}
