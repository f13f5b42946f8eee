public import FoundationEssentials

/// `metav1.Time`: a moment to the second, RFC 3339 in UTC on the wire.
public struct Timestamp: Codable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64

    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// The second that `date` lies in; what the API server keeps of it.
    public init(_ date: Date) {
        seconds = Int64(date.timeIntervalSince1970.rounded(.down))
    }

    /// Reads RFC 3339 with or without a fraction (`metav1.MicroTime`), which is cut off; nil when `text` is neither.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        guard let year = rest.digits(4), rest.take("-"), let month = rest.digits(2), rest.take("-"),
            let day = rest.digits(2), rest.take("T"), let hour = rest.digits(2), rest.take(":"),
            let minute = rest.digits(2), rest.take(":"), let second = rest.digits(2),
            (1...12).contains(month), day >= 1, day <= CalendarDate.days(in: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        if rest.take(".") {
            guard rest.digits(1) != nil else { return nil }
            while rest.digits(1) != nil {}
        }
        guard let offset = Self.offset(&rest), rest.isEmpty else { return nil }
        let days = CalendarDate(year: year, month: month, day: day).daysSinceEpoch
        seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    /// Seconds east of UTC.
    private static func offset(_ text: inout Substring.UTF8View) -> Int64? {
        if text.take("Z") { return 0 }
        let isEast = text.take("+")
        guard isEast || text.take("-"), let hours = text.digits(2), text.take(":"), let minutes = text.digits(2),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an RFC 3339 time")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public var date: Date { Date(timeIntervalSince1970: Double(seconds)) }

    public var description: String {
        let day = seconds.floored(by: 86400)
        let time = seconds - day * 86400
        let clock = [time / 3600, time / 60 % 60, time % 60].map { $0.padded(to: 2) }
        return "\(CalendarDate(daysSinceEpoch: day))T\(clock.joined(separator: ":"))Z"
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    public func adding(_ seconds: Int64) -> Timestamp { Timestamp(seconds: self.seconds + seconds) }
}

extension Substring.UTF8View {
    fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard first == UInt8(ascii: character) else { return false }
        removeFirst()
        return true
    }

    /// The number that the next `count` digits make.
    fileprivate mutating func digits(_ count: Int) -> Int64? {
        guard self.count >= count else { return nil }
        var value: Int64 = 0
        for byte in prefix(count) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        removeFirst(count)
        return value
    }
}
