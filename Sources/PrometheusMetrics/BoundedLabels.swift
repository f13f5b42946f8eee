import Synchronization

/// The values of a label that are distinguished: the first ones up to a limit, and `other` for all later ones, so that
/// nobody makes series without end by giving things new names.
public final class BoundedLabels<Value: Hashable & Sendable>: Sendable {
    /// How many pipelines, schedules or stages are distinguished.
    public static var usualLimit: Int { 500 }

    private let limit: Int
    private let other: Value
    private let known = Mutex<Set<Value>>([])

    public init(limit: Int = BoundedLabels.usualLimit, other: Value) {
        self.limit = limit
        self.other = other
    }

    /// The value itself while there is room for it, else the one for the rest.
    public func bounded(_ value: Value) -> Value {
        known.withLock { known in
            if known.contains(value) { return value }
            guard known.count < limit else { return other }
            known.insert(value)
            return value
        }
    }
}

extension BoundedLabels where Value == String {
    public convenience init(limit: Int = BoundedLabels.usualLimit) {
        self.init(limit: limit, other: "other")
    }
}
