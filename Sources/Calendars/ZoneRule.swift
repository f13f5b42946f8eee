import KubernetesModel

/// The rule by which a zone's offset goes on changing each year: a `TZ` text of POSIX, with RFC 8536's wider hours.
struct ZoneRule: Hashable, Sendable {
    private struct Daylight: Hashable, Sendable {
        var offset: Int64
        var start: YearDay
        var end: YearDay
    }

    /// A day of each year and a time on it, in seconds from its midnight, which may lie days away.
    private struct YearDay: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// 1 to 365; 29 February isn't counted.
            case julian(Int64)
            /// 0 to 365.
            case ofYear(Int64)
            /// The `week`th (5: the last) such day of the week of a month.
            case weekday(month: Int64, week: Int64, day: Int64)
        }

        var day: Day
        var time: Int64

        /// Seconds since 1970, as clocks show them.
        func clock(in year: Int64) -> Int64 {
            let newYear = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch
            let days: Int64
            switch day {
            case .julian(let day):
                days = newYear + day - 1 + (CalendarDate.isLeap(year) && day >= 60 ? 1 : 0)
            case .ofYear(let day):
                days = newYear + day
            case .weekday(let month, let week, let day):
                let first = CalendarDate(year: year, month: month, day: 1)
                let lead = (day - first.weekday + 7) % 7
                let last = CalendarDate.days(in: month, of: year) - 1
                var distance = lead + (week - 1) * 7
                while distance > last { distance -= 7 }
                days = first.daysSinceEpoch + distance
            }
            return days * 86400 + time
        }
    }

    private let standard: Int64
    private let daylight: Daylight?

    /// Nil where `text` isn't such a rule.
    init?(_ text: some StringProtocol) {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard scanner.name(), let west = scanner.time() else { return nil }
        standard = -west
        if scanner.rest.isEmpty {
            daylight = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = -west + 3600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard let start = scanner.yearDay(), let end = scanner.yearDay(), scanner.rest.isEmpty else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// Seconds east of UTC.
    func offset(at seconds: Int64) -> Int64 {
        guard let daylight else { return standard }
        let year = CalendarDate(daysSinceEpoch: (seconds + standard).floored(by: 86400)).year
        let start = daylight.start.clock(in: year) - standard
        let end = daylight.end.clock(in: year) - daylight.offset
        let isDaylight = start < end ? start <= seconds && seconds < end : !(end <= seconds && seconds < start)
        return isDaylight ? daylight.offset : standard
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func name() -> Bool {
            if take("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
                rest = rest[(end + 1)...]
                return true
            }
            let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
            rest = rest[letters.endIndex...]
            return letters.count >= 3
        }

        mutating func number() -> Int64? {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest[digits.endIndex...]
            return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        }

        /// `[+-]h[h[h]][:mm[:ss]]`, in seconds.
        mutating func time() -> Int64? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard var seconds = number().map({ $0 * 3600 }) else { return nil }
            for unit: Int64 in [60, 1] where take(":") {
                guard let part = number() else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        mutating func yearDay() -> YearDay? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return YearDay(day: day, time: 7200) }
            return time().map { YearDay(day: day, time: $0) }
        }

        private mutating func day() -> YearDay.Day? {
            if take("J") { return number().map(YearDay.Day.julian) }
            guard take("M") else { return number().map(YearDay.Day.ofYear) }
            guard let month = number(), take("."), let week = number(), take("."), let day = number(),
                (1...12).contains(month), (1...5).contains(week), (0...6).contains(day)
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
    }
}
