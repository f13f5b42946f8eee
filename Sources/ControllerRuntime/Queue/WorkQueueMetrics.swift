import PrometheusMetrics

/// The metrics of one work queue, under client-go's names.
struct WorkQueueMetrics: Sendable {
    let adds: Counter
    let retries: Counter
    let queueDuration: Histogram
    let workDuration: Histogram

    init(registry: MetricsRegistry, queue: String) {
        let labels = Self.labels(queue)
        adds = registry.counter("workqueue_adds_total", help: "Keys added to the queue.", labels: labels)
        retries = registry.counter("workqueue_retries_total", help: "Keys added for later.", labels: labels)
        queueDuration = registry.histogram(
            "workqueue_queue_duration_seconds", help: "How long keys waited for a worker.", labels: labels,
            bounds: MetricBuckets.workQueue)
        workDuration = registry.histogram(
            "workqueue_work_duration_seconds", help: "How long workers had keys.", labels: labels,
            bounds: MetricBuckets.workQueue)
    }

    /// Registers what is read from the queue itself when the page is asked for.
    static func register(
        in registry: MetricsRegistry,
        queue: String,
        depth: @escaping @Sendable () -> Double?,
        unfinished: @escaping @Sendable () -> Double?,
        longestRunning: @escaping @Sendable () -> Double?
    ) {
        let labels = Self.labels(queue)
        registry.gauge("workqueue_depth", help: "Keys that wait for a worker.", labels: labels, read: depth)
        registry.gauge(
            "workqueue_unfinished_work_seconds", help: "How long keys in work have been so, all together.",
            labels: labels, read: unfinished)
        registry.gauge(
            "workqueue_longest_running_processor_seconds", help: "How long the longest of them has been so.",
            labels: labels, read: longestRunning)
    }

    private static func labels(_ queue: String) -> [(String, String)] { [("name", queue), ("controller", queue)] }
}
