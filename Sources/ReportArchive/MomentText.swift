import KubernetesModel

/// Moments to the millisecond: `2026-11-21 at 09:53:15.120 UTC`.
package enum MomentText {
    private static let day: Int64 = 86_400_000

    /// Nil before the year 1 and after the year 9999.
    package static func text(milliseconds: Int64) -> String? {
        guard (-62_135_596_800_000...253_402_300_799_999).contains(milliseconds) else { return nil }
        let days = milliseconds.floored(by: day)
        let rest = milliseconds - days * day
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { $0.padded(to: 2) }
        let date = CalendarDate(daysSinceEpoch: days)
        return "\(date) at \(clock.joined(separator: ":")).\((rest % 1000).padded(to: 3)) UTC"
    }

    /// The inverse; nil for any other text.
    package static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 30 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            range.reduce(0 as Int64?) { value, index in
                guard let value, (0x30...0x39).contains(bytes[index]) else { return nil }
                return value * 10 + Int64(bytes[index] - 0x30)
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(14..<16),
            let minute = number(17..<19), let second = number(20..<22), let fraction = number(23..<26)
        else { return nil }
        let days = CalendarDate(year: year, month: month, day: day).daysSinceEpoch
        let clock = (hour * 60 + minute) * 60 + second
        let value = days * Self.day + clock * 1000 + fraction
        // No 31st of February, and nothing else between the digits.
        return self.text(milliseconds: value) == text ? value : nil
    }
}
