/// A cell of a result, as it was published.
public enum ResultValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case decimal(ExactDecimal)
    case string(String)
    /// Milliseconds since 1970-01-01T00:00:00Z; a day is its midnight in UTC.
    case date(milliseconds: Int64)
    /// Anything else, as MongoDB's extended JSON.
    case other(String)
}
