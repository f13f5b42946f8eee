extension Timestamp {
    /// Of `Sun, 06 Nov 1994 08:49:37 GMT`, as HTTP has a date (RFC 9110), and of `Sunday, 06-Nov-94 08:49:37 GMT`, as old servers
    /// write it; nil of anything else.
    public static func ofHTTPDate(_ text: String) -> Timestamp? {
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.utf8.split { " ,-:\t".utf8.contains($0) }.map { String(Substring($0)) }
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
        return Timestamp(seconds: days * 86400 + hour * 3600 + minute * 60 + second)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func number(_ text: String) -> Int64? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}
