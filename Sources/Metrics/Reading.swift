/// A number that is read when the page is asked for, such as an age or a size. Nothing is written while it has none.
final class Reading: MetricSeries {
    private let read: @Sendable () -> Double?

    init(read: @escaping @Sendable () -> Double?) {
        self.read = read
    }

    func write(to page: inout MetricsPage) {
        if let value = read() { page.sample(value: value) }
    }
}
