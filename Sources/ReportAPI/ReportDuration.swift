/// A length of time as manifests write it: `90s`, `15m`, `4h`, `1h30m`.
public struct ReportDuration: Hashable, Sendable, CustomStringConvertible {
    /// Whole seconds, at least 1 and at most `maximumSeconds`.
    public let seconds: Int64
    /// As it was written.
    public let description: String

    /// 30 days.
    public static let maximumSeconds: Int64 = 30 * 24 * 3600

    /// Nil when `text` isn't hours, minutes and seconds in this order, or is out of bounds.
    public init?(_ text: String) {
        var rest = text[...]
        var total: Int64 = 0
        for (unit, factor) in [(Character("h"), Int64(3600)), ("m", 60), ("s", 1)] {
            guard let end = rest.firstIndex(of: unit) else { continue }
            guard end != rest.startIndex, rest[..<end].utf8.count <= 7, rest[..<end].allSatisfy(\.isASCIIDigit),
                let count = Int64(rest[..<end])
            else { return nil }
            total += count * factor
            rest = rest[rest.index(after: end)...]
        }
        guard rest.isEmpty, (1...Self.maximumSeconds).contains(total) else { return nil }
        seconds = total
        description = text
    }

    /// The shortest way to write `seconds`: for the time that a run took.
    public static func format(seconds: Int64) -> String {
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        if hours > 0 { return minutes > 0 ? "\(hours)h\(minutes)m" : "\(hours)h" }
        if minutes > 0 { return rest > 0 ? "\(minutes)m\(rest)s" : "\(minutes)m" }
        return "\(rest)s"
    }
}

extension ReportDuration: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = ReportDuration(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a duration such as 90s, 15m or 4h (at most 720h)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
