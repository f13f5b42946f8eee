import Synchronization

/// The process's metrics, and the page that Prometheus reads.
///
/// It is our own because so little is needed: one backend that pulls, handles that are got once and then cost one
/// atomic operation, and the names of the Go projects. swift-metrics would add a factory, a global and a second
/// package for the text format.
///
/// For example:
/// ```swift
/// let relists = registry.counter("reflector_relists_total", help: "Lists after the first.", labels: [("resource", "jobs.batch")])
/// relists.increment()
/// let page = registry.render()
/// ```
public final class MetricsRegistry: Sendable {
    private struct Family {
        var help: String
        var type: String
        /// By rendered labels.
        var series: [String: any MetricSeries] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    public init() {}

    /// The media type of what `render` gives.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The counter of that name with those labels: a new one, or the one that was asked for before.
    public func counter(_ name: String, help: String, labels: [(String, String)] = []) -> Counter {
        series(name, help: help, type: "counter", labels: labels) { Counter() }
    }

    public func gauge(_ name: String, help: String, labels: [(String, String)] = []) -> Gauge {
        series(name, help: help, type: "gauge", labels: labels) { Gauge() }
    }

    /// A histogram whose buckets have these upper bounds, in ascending order and without the infinite one.
    public func histogram(
        _ name: String, help: String, labels: [(String, String)] = [], bounds: [Double]
    ) -> Histogram {
        series(name, help: help, type: "histogram", labels: labels) { Histogram(bounds: bounds) }
    }

    /// A gauge that is read when the page is asked for. A second of the same name and labels takes the first's place.
    public func gauge(
        _ name: String, help: String, labels: [(String, String)] = [], read: @escaping @Sendable () -> Double?
    ) {
        set(Reading(read: read), name, help: help, type: "gauge", labels: labels)
    }

    /// Gauges of one name that are read together when the page is asked for: as many series as there are values then. Their
    /// labels must differ.
    public func gauges(
        _ name: String, help: String, read: @escaping @Sendable () -> [(labels: [(String, String)], value: Double)]
    ) {
        set(Readings(read: read), name, help: help, type: "gauge", labels: [])
    }

    /// A counter that is read when the page is asked for, such as the process's CPU time.
    public func counter(
        _ name: String, help: String, labels: [(String, String)] = [], read: @escaping @Sendable () -> Double?
    ) {
        set(Reading(read: read), name, help: help, type: "counter", labels: labels)
    }

    /// The page, metrics and their series in alphabetical order.
    public func render() -> String {
        // Readings run outside the lock: one may ask something that registers a metric.
        let families = families.withLock { $0 }
        var page = MetricsPage()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            page.begin(name: name, help: family.help, type: family.type)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                page.beginSeries(labels: labels)
                series.write(to: &page)
            }
        }
        return page.text
    }

    private func series<S: MetricSeries>(
        _ name: String, help: String, type: String, labels: [(String, String)], make: () -> S
    ) -> S {
        let key = MetricsPage.render(labels)
        return families.withLock { families in
            if let known = families[name]?.series[key] {
                guard let known = known as? S else { preconditionFailure("\(name) is a metric of another type") }
                return known
            }
            let new = make()
            families[name, default: Family(help: help, type: type)].series[key] = new
            return new
        }
    }

    private func set(
        _ reading: any MetricSeries, _ name: String, help: String, type: String, labels: [(String, String)]
    ) {
        let key = MetricsPage.render(labels)
        families.withLock { $0[name, default: Family(help: help, type: type)].series[key] = reading }
    }
}

/// One line or one histogram of the page: a metric with one set of label values.
protocol MetricSeries: Sendable {
    func write(to page: inout MetricsPage)
}

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

/// Numbers of one name that are read together, each with labels of its own.
final class Readings: MetricSeries {
    private let read: @Sendable () -> [(labels: [(String, String)], value: Double)]

    init(read: @escaping @Sendable () -> [(labels: [(String, String)], value: Double)]) {
        self.read = read
    }

    func write(to page: inout MetricsPage) {
        let samples = read().map { (labels: MetricsPage.render($0.labels), value: $0.value) }
        for sample in samples.sorted(by: { $0.labels < $1.labels }) {
            page.beginSeries(labels: sample.labels)
            page.sample(value: sample.value)
        }
    }
}
