/// A place in somebody's trace, as `traceparent` of W3C has it: `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`
/// (version, trace, span, flags).
///
/// Source: https://www.w3.org/TR/trace-context/#traceparent-header
public struct TraceParent: Hashable, Sendable, CustomStringConvertible {
    /// The name of the variable that programs look for, and in small letters of the header.
    public static let variable = "TRACEPARENT"
    private static let length = 55

    public let description: String

    /// Nil where it is none. The standard wants that to be passed over: a program that can't read one begins a trace of its own.
    public init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(Self.length + 1))
        guard bytes.count >= Self.length else { return nil }
        let fields = bytes.prefix(Self.length).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard fields.map(\.count) == [2, 32, 16, 2], fields.allSatisfy({ $0.allSatisfy(Self.isDigit) }) else {
            return nil
        }
        let version = String(decoding: fields[0], as: UTF8.self)
        // A later version may have more behind it, and is read as the first.
        let hasMore = bytes.count > Self.length
        guard version != "ff", !hasMore || version != "00" && bytes[Self.length] == UInt8(ascii: "-") else {
            return nil
        }
        // All zeros stand for no trace and no span.
        guard fields[1...2].allSatisfy({ $0.contains { $0 != UInt8(ascii: "0") } }) else { return nil }
        description = "00" + String(decoding: bytes[2..<Self.length], as: UTF8.self)
    }

    /// In small letters alone.
    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
