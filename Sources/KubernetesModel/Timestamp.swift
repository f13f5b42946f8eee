package import FoundationEssentials

/// `metav1.Time`: a moment to the second, RFC 3339 in UTC on the wire.
package struct Timestamp: Codable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    /// The second that `date` lies in; what the API server keeps of it.
    package init(_ date: Date) {
        seconds = Int64(date.timeIntervalSince1970.rounded(.down))
    }

    /// Reads RFC 3339 with or without a fraction (`metav1.MicroTime`); nil when `text` is neither.
    package init?(_ text: String) {
        let style = Date.ISO8601FormatStyle()
        guard let date = (try? style.parse(text)) ?? (try? style.time(includingFractionalSeconds: true).parse(text))
        else { return nil }
        self.init(date)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an RFC 3339 time")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var date: Date { Date(timeIntervalSince1970: Double(seconds)) }

    package var description: String { date.formatted(.iso8601) }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }
}
