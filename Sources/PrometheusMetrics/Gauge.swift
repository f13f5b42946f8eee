import Synchronization

/// A number that goes up and down.
public final class Gauge: MetricSeries {
    private let bits = Atomic<UInt64>(Double.zero.bitPattern)

    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    public func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, original) = bits.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func write(to page: inout MetricsPage) {
        page.sample(value: value)
    }
}
