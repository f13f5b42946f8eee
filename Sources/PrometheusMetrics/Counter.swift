import Synchronization

/// A number that only grows. An increment is one atomic addition.
public final class Counter: MetricSeries {
    private let count = Atomic<Int>(0)

    public func increment(by amount: Int = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    public var value: Int { count.load(ordering: .relaxed) }

    func write(to page: inout MetricsPage) {
        page.sample(value: Double(value))
    }
}
