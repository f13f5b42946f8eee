import Synchronization

/// A number that only grows. An increment is one atomic addition.
package final class Counter: MetricSeries {
    private let count = Atomic<Int>(0)

    package func increment(by amount: Int = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    package var value: Int { count.load(ordering: .relaxed) }

    func write(to page: inout MetricsPage) {
        page.sample(value: Double(value))
    }
}
