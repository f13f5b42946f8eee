import AsyncSupport
import Synchronization

/// How often values fell below each of some bounds. An observation allocates nothing.
package final class Histogram: MetricSeries {
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

    package func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Observes seconds.
    package func observe(_ duration: Duration) {
        observe(duration.seconds)
    }

    package var count: Int { state.withLock { $0.counts.reduce(0, +) } }

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
