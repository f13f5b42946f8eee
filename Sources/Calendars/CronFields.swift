import KubernetesModel

/// The minutes, hours, days and months of a cron expression, each a set of bits.
struct CronFields: Hashable, Sendable {
    private struct Bounds {
        let name: String
        let range: ClosedRange<Int>
        var words: [String] = []
    }

    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64

    /// Set where a field says `*` or `?`: of two days' fields, one that says so leaves it to the other.
    private static let star: UInt64 = 1 << 63

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// `texts` are five.
    init(_ texts: [Substring]) throws(CronExpression.Fault) {
        minutes = try Self.bits(texts[0], Bounds(name: "minute", range: 0...59))
        hours = try Self.bits(texts[1], Bounds(name: "hour", range: 0...23))
        days = try Self.bits(texts[2], Bounds(name: "day of month", range: 1...31))
        months = try Self.bits(texts[3], Bounds(name: "month", range: 1...12, words: Self.monthNames))
        weekdays = try Self.bits(texts[4], Bounds(name: "day of week", range: 0...6, words: Self.weekdayNames))
    }

    // MARK: Reading

    private static func bits(_ text: Substring, _ bounds: Bounds) throws(CronExpression.Fault) -> UInt64 {
        var set: UInt64 = 0
        for part in text.split(separator: ",") { set |= try bits(ofPart: part, bounds) }
        return set
    }

    /// `*`, `?`, `3`, `1-5`, each perhaps with a step: `*/10`, `3/10` (from 3 to the end), `1-5/2`.
    private static func bits(ofPart text: Substring, _ bounds: Bounds) throws(CronExpression.Fault) -> UInt64 {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, ends.count <= 2 else { throw fault(text, bounds, "is not a range") }
        var (first, last) = (bounds.range.lowerBound, bounds.range.upperBound)
        var star: UInt64 = 0
        if ends[0] == "*" || ends[0] == "?" {
            star = Self.star
        } else {
            first = try number(ends[0], bounds, in: text)
            last = ends.count == 2 ? try number(ends[1], bounds, in: text) : first
        }
        var step = 1
        if parts.count == 2 {
            guard let given = Int(parts[1]), given > 0, parts[1].utf8.first != UInt8(ascii: "+") else {
                throw fault(text, bounds, "has no step above 0 after its slash")
            }
            step = given
            if ends.count == 1 { last = bounds.range.upperBound }
            if step > 1 { star = 0 }
        }
        guard bounds.range.contains(first), bounds.range.contains(last) else {
            throw fault(
                text, bounds, "is out of bounds; allowed are \(bounds.range.lowerBound) to \(bounds.range.upperBound)")
        }
        guard first <= last else { throw fault(text, bounds, "ends before it begins") }
        return stride(from: first, through: last, by: step).reduce(star) { $0 | 1 << UInt64($1) }
    }

    private static func number(
        _ text: Substring, _ bounds: Bounds, in part: Substring
    ) throws(CronExpression.Fault) -> Int {
        if let index = bounds.words.firstIndex(of: text.lowercased()) { return bounds.range.lowerBound + index }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text)
        else { throw fault(part, bounds, "is not a number") }
        return number
    }

    private static func fault(_ text: Substring, _ bounds: Bounds, _ what: String) -> CronExpression.Fault {
        CronExpression.Fault(description: "\(bounds.name): \"\(text)\" \(what)")
    }

    // MARK: The next run

    private func has(_ bits: UInt64, _ value: Int64) -> Bool { bits & 1 << UInt64(value) != 0 }

    private func isDay(_ date: CalendarDate) -> Bool {
        let (byMonth, byWeek) = (has(days, date.day), has(weekdays, date.weekday))
        return days & Self.star != 0 || weekdays & Self.star != 0 ? byMonth && byWeek : byMonth || byWeek
    }

    /// From field to field, the greatest first. A time that a clock change leaves out is skipped; one that comes twice is
    /// a run each time where the hour is `*`, as hours are counted on and not looked up.
    func next(after moment: Timestamp, in zone: ZoneRules) -> Timestamp? {
        var time = Timestamp(seconds: moment.seconds + 1)
        let lastYear = zone.local(time).date.year + 5
        // Below the field that moved, everything starts over; once is enough.
        var isReset = false
        while zone.local(time).date.year <= lastYear {
            if advance(&time, isReset: &isReset, in: zone) { return time }
        }
        return nil
    }

    /// - Returns: whether that is the run; false where a greater field has turned over and has to be looked at again.
    private func advance(_ time: inout Timestamp, isReset: inout Bool, in zone: ZoneRules) -> Bool {
        while !has(months, zone.local(time).date.month) {
            let local = zone.local(time)
            if !isReset { time = zone.moment(CalendarDate(year: local.date.year, month: local.date.month, day: 1)) }
            isReset = true
            time = zone.date(time, monthsLater: 1)
            if zone.local(time).date.month == 1 { return false }
        }
        while !isDay(zone.local(time).date) {
            if !isReset { time = zone.moment(zone.local(time).date) }
            isReset = true
            time = zone.date(time, daysLater: 1)
            // Where there is no midnight, the clock shows an hour before or after it.
            let hour = zone.local(time).hour
            if hour != 0 { time = Timestamp(seconds: time.seconds + (hour > 12 ? 24 - hour : -hour) * 3600) }
            if zone.local(time).date.day == 1 { return false }
        }
        while !has(hours, zone.local(time).hour) {
            if !isReset { time = zone.moment(zone.local(time).date, hour: zone.local(time).hour) }
            isReset = true
            time = Timestamp(seconds: time.seconds + 3600)
            if zone.local(time).hour == 0 { return false }
        }
        while !has(minutes, zone.local(time).minute) {
            if !isReset { time = Timestamp(seconds: time.seconds.floored(by: 60) * 60) }
            isReset = true
            time = Timestamp(seconds: time.seconds + 60)
            if zone.local(time).minute == 0 { return false }
        }
        // Runs begin with their minute.
        while zone.local(time).second != 0 {
            isReset = true
            time = Timestamp(seconds: time.seconds + 1)
            if zone.local(time).second == 0 { return false }
        }
        return true
    }
}

extension ZoneRules {
    /// The moment at which clocks show the same on another day.
    fileprivate func date(_ moment: Timestamp, monthsLater months: Int64 = 0, daysLater days: Int64 = 0) -> Timestamp {
        let local = local(moment)
        let month = local.date.year * 12 + local.date.month - 1 + months
        let year = month.floored(by: 12)
        let date = CalendarDate(year: year, month: month - year * 12 + 1, day: local.date.day)
        return self.moment(
            CalendarDate(daysSinceEpoch: date.daysSinceEpoch + days), hour: local.hour, minute: local.minute,
            second: local.second)
    }
}
