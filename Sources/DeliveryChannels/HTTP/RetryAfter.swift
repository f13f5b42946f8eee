package import FoundationEssentials
package import HTTPTransport
import KubernetesModel

/// When a server wants to be asked again: `Retry-After` in seconds or as a date (RFC 9110).
package enum RetryAfter {
    /// Longer ones count as a day, in seconds.
    package static let longest: Int64 = 24 * 3600

    /// Nil where the server doesn't say, or not in a way that can be read. A date is held against the server's own clock
    /// where it shows it, else against `now`.
    package static func pause(in headers: HTTPHeaders, now: Date) -> Duration? {
        guard let text = headers["Retry-After"].map(trimmed), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return .seconds(min(Int64(text) ?? longest, longest))
        }
        guard let date = Timestamp.ofHTTPDate(text) else { return nil }
        let start = headers["Date"].flatMap(Timestamp.ofHTTPDate) ?? Timestamp(now)
        return .seconds(min(max(date.seconds - start.seconds, 0), longest))
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let blanks = start.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
        return String(Substring(start.dropLast(blanks)))
    }
}
