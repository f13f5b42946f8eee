public import KubernetesModel

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

extension ResultValue: CustomStringConvertible {
    /// As text for programs: the numbers exactly as they were published, days and instants as ISO 8601 has them, nothing
    /// for a null.
    public var description: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        case .decimal(let value): value.description
        case .string(let text), .other(let text): text
        case .date(let milliseconds): Self.moment(milliseconds)
        }
    }

    /// A day where it is midnight in UTC, as stages write days; else the moment.
    private static func moment(_ milliseconds: Int64) -> String {
        let stamp = Timestamp(seconds: milliseconds.floored(by: 1000))
        let fraction = milliseconds.remainder(by: 1000)
        guard fraction == 0 else { return "\(stamp.description.dropLast()).\(fraction.padded(to: 3))Z" }
        return stamp.seconds.isMultiple(of: 86400)
            ? String(stamp.description.prefix(10)) : stamp.description
    }

    /// A decimal is a string, since a reader's floating point would change it.
    public var json: JSONValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .double(let value): .number(value)
        case .decimal, .string, .date, .other: .string(description)
        }
    }
}
