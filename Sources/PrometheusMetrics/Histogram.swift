import AsyncSupport
import Synchronization

/// How often values fell below each of some bounds. An observation allocates nothing.
public final class Histogram: MetricSeries {
    private struct State {
        /// Observations by bucket, each without the ones below; the last is that beyond every bound.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    public func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Observes seconds.
    public func observe(_ duration: Duration) {
        observe(duration.seconds)
    }

    public var count: Int { state.withLock { $0.counts.reduce(0, +) } }

    func write(to page: inout MetricsPage) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var below = 0
        for (bound, count) in zip(bounds, counts) {
            below += count
            page.sample(suffix: "_bucket", bound: MetricsPage.text(of: bound), value: Double(below))
        }
        let total = below + (counts.last ?? 0)
        page.sample(suffix: "_bucket", bound: "+Inf", value: Double(total))
        page.sample(suffix: "_sum", value: sum)
        page.sample(suffix: "_count", value: Double(total))
    }
}

/// Histogram bounds in seconds, as the Go projects have them whose names these metrics carry: dashboards fit both.
public enum MetricBuckets {
    /// controller-runtime's, of `controller_runtime_reconcile_time_seconds`.
    public static let reconcile: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
        1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ]
    /// client-go's, of `workqueue_queue_duration_seconds` and `workqueue_work_duration_seconds`.
    public static let workQueue: [Double] = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.1, 1, 10, 100, 1000]
    /// client-go's, of `rest_client_request_duration_seconds`.
    public static let request: [Double] = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]
    /// client-go's, of `rest_client_request_size_bytes` and `rest_client_response_size_bytes`.
    public static let bytes: [Double] = [
        64, 256, 512, 1024, 4096, 16384, 65536, 262_144, 1_048_576, 4_194_304, 16_777_216,
    ]
    /// Of runs, stages and waits, in seconds: from a moment to two days.
    public static let runs: [Double] = [1, 5, 15, 60, 180, 600, 1800, 3600, 7200, 21600, 86400, 172_800]
}
