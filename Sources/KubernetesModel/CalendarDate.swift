/// A day of the Gregorian calendar, without a zone.
public struct CalendarDate: Hashable, Sendable, CustomStringConvertible {
    public let year: Int64
    /// 1 to 12.
    public let month: Int64
    /// 1 to 31.
    public let day: Int64

    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that is `days` days after 1970-01-01.
    ///
    /// Source: Howard Hinnant, chrono-compatible low-level date algorithms.
    public init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month > 2 ? 0 : 1)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    }

    /// A year that begins in March has its leap day at its end.
    public var daysSinceEpoch: Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let leapDays = shifted.floored(by: 4) - shifted.floored(by: 100) + shifted.floored(by: 400)
        // 719468 days lie between 0000-03-01 and 1970-01-01.
        return shifted * 365 + leapDays + dayOfYear - 719_468
    }

    public static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// 0 on Sundays to 6 on Saturdays.
    public var weekday: Int64 { (daysSinceEpoch + 4) - (daysSinceEpoch + 4).floored(by: 7) * 7 }

    /// `2026-10-31`
    public var description: String { "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))" }
}

extension Int64 {
    /// The quotient, rounded down for negative numbers too, of any number by one above 0.
    public func floored(by divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }

    /// What is left of it then: never negative.
    public func remainder(by divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }

    /// In decimal, with zeros before it up to that length.
    public func padded(to length: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, length - text.utf8.count)) + text
    }
}
