/// What a valid cron expression's fields say, as the values that they allow.
struct CronSets {
    let minutes: [Int]
    let hours: [Int]
    /// Nil where any day of the month will do.
    let days: [Int]?
    /// Nil where any month will do.
    let months: [Int]?
    /// 0 on Sundays; nil where any day of the week will do.
    let weekdays: [Int]?

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    private static let descriptors = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Nil for `@every`, and for what isn't understood.
    init?(_ text: String) {
        let given = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let fields = (Self.descriptors[given] ?? given).split(separator: " ")
        guard fields.count == 5, let minutes = Self.values(fields[0], 0...59),
            let hours = Self.values(fields[1], 0...23),
            let days = Self.values(fields[2], 1...31), let months = Self.values(fields[3], 1...12, Self.monthNames),
            let weekdays = Self.values(fields[4], 0...6, Self.weekdayNames)
        else { return nil }
        self.minutes = minutes.values
        self.hours = hours.values
        self.months = months.values.count == 12 ? nil : months.values
        let (anyDay, anyWeekday) = (days.values.count == 31, weekdays.values.count == 7)
        // Of two days' fields, one that says `*` leaves it to the other; else one of them is enough.
        if !days.hasStar, !weekdays.hasStar, anyDay || anyWeekday {
            self.days = nil
            self.weekdays = nil
        } else {
            self.days = anyDay ? nil : days.values
            self.weekdays = anyWeekday ? nil : weekdays.values
        }
    }

    private static func values(
        _ field: Substring, _ range: ClosedRange<Int>, _ words: [String] = []
    ) -> (values: [Int], hasStar: Bool)? {
        var (found, hasStar): (Set<Int>, Bool) = ([], false)
        for part in field.split(separator: ",") {
            let sides = part.split(separator: "/", omittingEmptySubsequences: false)
            let ends = sides[0].split(separator: "-", omittingEmptySubsequences: false)
            var (first, last, step) = (range.lowerBound, range.upperBound, 1)
            if sides.count > 1 {
                guard let given = Int(sides[1]), given > 0 else { return nil }
                step = given
            }
            if ends[0] == "*" || ends[0] == "?" {
                hasStar = hasStar || step == 1
            } else {
                guard let begin = number(ends[0], range, words) else { return nil }
                first = begin
                if ends.count == 2 {
                    guard let end = number(ends[1], range, words) else { return nil }
                    last = end
                } else if sides.count == 1 {
                    last = begin
                }
            }
            guard first <= last, range.contains(first), range.contains(last) else { return nil }
            found.formUnion(stride(from: first, through: last, by: step))
        }
        return found.isEmpty ? nil : (found.sorted(), hasStar)
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>, _ words: [String]) -> Int? {
        words.firstIndex(of: text.lowercased()).map { $0 + range.lowerBound } ?? Int(text)
    }
}
