import ControllerRuntime
import PrometheusMetrics
import Testing

struct RequestMetricsTests {
    @Test func requestsAreCountedUnderTheNamesOfClientGo() {
        let registry = MetricsRegistry()
        let metrics = RequestMetrics(registry: registry, host: "api:6443")
        metrics.requestFinished(verb: "list", resource: "jobs.batch", code: 200, duration: .milliseconds(3))
        metrics.requestFinished(verb: "create", resource: "jobs.batch", code: nil, duration: .milliseconds(3))
        metrics.requestRetried(verb: "get", resource: "jobs.batch", code: 503)
        let page = registry.render()
        #expect(page.contains("rest_client_requests_total{code=\"200\",method=\"GET\",host=\"api:6443\"} 1\n"))
        #expect(page.contains("rest_client_requests_total{code=\"<error>\",method=\"POST\",host=\"api:6443\"} 1\n"))
        #expect(page.contains("rest_client_request_retries_total{code=\"503\",method=\"GET\",host=\"api:6443\"} 1\n"))
        #expect(page.contains("rest_client_request_duration_seconds_count{verb=\"GET\",host=\"api:6443\"} 1\n"))
    }
}
