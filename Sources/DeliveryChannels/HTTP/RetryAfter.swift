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
        guard let date = seconds(ofDate: text) else { return nil }
        let start = headers["Date"].map(trimmed).flatMap(seconds) ?? Timestamp(now).seconds
        return .seconds(min(max(date - start, 0), longest))
    }

    /// Of `Sun, 06 Nov 1994 08:49:37 GMT`, and of `Sunday, 06-Nov-94 08:49:37 GMT` as old servers write it.
    private static func seconds(ofDate text: String) -> Int64? {
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.utf8.split { " ,-:".utf8.contains($0) }.map { String(Substring($0)) }
        guard parts.count == 8, parts[7] == "GMT", let day = number(parts[1]),
            let month = months.firstIndex(of: parts[2]),
            var year = number(parts[3]), let hour = number(parts[4]), let minute = number(parts[5]),
            let second = number(parts[6]), hour < 24, minute < 60, second < 61
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        let month64 = Int64(month) + 1
        guard (1970...9999).contains(year), day >= 1, day <= CalendarDate.days(in: month64, of: year) else {
            return nil
        }
        let days = CalendarDate(year: year, month: month64, day: day).daysSinceEpoch
        return days * 86400 + hour * 3600 + minute * 60 + second
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func number(_ text: String) -> Int64? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let blanks = start.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
        return String(Substring(start.dropLast(blanks)))
    }
}
