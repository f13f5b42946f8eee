import KubernetesModel

/// A cron expression in English, such as `every Monday at 06:00, Europe/Berlin`.
///
/// It is made of the times that the expression allows, not of how it is written, so it never says anything else.
package enum CronSentence {
    /// `text`: an expression that is valid. Without a zone none is named.
    package static func text(of text: String, zone: String?) -> String {
        let place = zone.map { ", \($0.head(bytes: 64))" } ?? ""
        guard let sets = CronSets(text) else { return (every(text) ?? "as \(text) says") + place }
        let sentence =
            switch Clock(sets) {
            case .at(let times): "\(days(sets, isPlural: false) ?? "every day") at \(times)"
            case .interval(let interval):
                [interval, days(sets, isPlural: true)].compactMap(\.self).joined(separator: " ")
            }
        return sentence + place
    }

    // MARK: Hours and minutes

    private enum Clock {
        /// At single times.
        case at(String)
        /// Again and again.
        case interval(String)

        init(_ sets: CronSets) {
            let (minutes, hours) = (sets.minutes, sets.hours)
            let isAllDay = hours.count == 24
            let from = hours[0]
            let to = hours[hours.count - 1]
            let isSpan = hours.count == to - from + 1
            let span = isAllDay ? "" : " from \(clock(from, 0)) to \(clock(to, 59))"
            if minutes.count > 1, minutes.count * hours.count > 3, let step = cycle(minutes, of: 60), isSpan {
                self = .interval("every \(step == 1 ? "minute" : "\(step) minutes")\(span)")
            } else if minutes.count == 1, let step = cycle(hours, of: 24), hours.count > 1 {
                let minute = minutes[0] == 0 ? "" : ", \(minutes[0]) minute\(minutes[0] == 1 ? "" : "s") past"
                self = .interval(
                    step == 1 ? "every hour\(minute)" : "every \(step) hours from \(clock(0, minutes[0]))")
            } else if minutes.count == 1, isSpan, hours.count > 4 {
                self = .interval("every hour from \(clock(from, minutes[0])) to \(clock(to, minutes[0]))")
            } else if minutes.count * hours.count <= 12 {
                self = .at(list(hours.flatMap { hour in minutes.map { clock(hour, $0) } }))
            } else {
                let past = "at minute\(minutes.count == 1 ? "" : "s") \(list(minutes.map(String.init)))"
                let which =
                    isAllDay
                    ? "of every hour"
                    : isSpan
                        ? "of every hour\(span)" : "of the hours \(list(hours.map { Int64($0).padded(to: 2) }))"
                self = .interval("\(past) \(which)")
            }
        }
    }

    private static func clock(_ hour: Int, _ minute: Int) -> String {
        "\(Int64(hour).padded(to: 2)):\(Int64(minute).padded(to: 2))"
    }

    /// The step of values that go round evenly, from 0 on; nil of others.
    private static func cycle(_ values: [Int], of length: Int) -> Int? {
        let step = length / values.count
        guard values.count * step == length, values.enumerated().allSatisfy({ $1 == $0 * step }) else { return nil }
        return step
    }

    // MARK: Days

    private static let weekdayNames = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// Nil for every day of the year.
    private static func days(_ sets: CronSets, isPlural: Bool) -> String? {
        let months = sets.months.map { list(spans($0) { monthNames[$0 - 1] }) }
        let byMonth = sets.days.map { days in "on \(dates(days)) of \(months ?? "each month")" }
        let byWeek = sets.weekdays.map { weekdays($0, isPlural: isPlural) }
        switch (byMonth, byWeek) {
        case (let dates?, let week?):
            return "\(dates) and \(week)" + (months.map { " in \($0)" } ?? "")
        case (let dates?, nil): return dates
        case (nil, let week?): return week + (months.map { " in \($0)" } ?? "")
        case (nil, nil): return months.map { isPlural ? "in \($0)" : "every day in \($0)" }
        }
    }

    private static func weekdays(_ days: [Int], isPlural: Bool) -> String {
        if days == [1, 2, 3, 4, 5] { return isPlural ? "on weekdays" : "every weekday" }
        // A week begins on Mondays to most people.
        let names = days.sorted { ($0 + 6) % 7 < ($1 + 6) % 7 }.map { weekdayNames[$0] }
        return isPlural ? "on \(list(names.map { "\($0)s" }))" : "every \(list(names))"
    }

    private static func dates(_ days: [Int]) -> String {
        if days.count > 5, let step = step(days), step > 1 {
            return "every \(ordinal(step)) day from the \(ordinal(days[0])) to the \(ordinal(days[days.count - 1]))"
        }
        return "the \(list(spans(days, ordinal)))"
    }

    private static func step(_ values: [Int]) -> Int? {
        let step = values[1] - values[0]
        return zip(values, values.dropFirst()).allSatisfy { $1 - $0 == step } ? step : nil
    }

    private static func ordinal(_ number: Int) -> String {
        switch (number % 10, number % 100) {
        case (1, let rest) where rest != 11: "\(number)st"
        case (2, let rest) where rest != 12: "\(number)nd"
        case (3, let rest) where rest != 13: "\(number)rd"
        default: "\(number)th"
        }
    }

    /// Three or more that follow each other as `first to last`.
    private static func spans(_ values: [Int], _ name: (Int) -> String) -> [String] {
        var texts: [String] = []
        var rest = values[...]
        while let first = rest.first {
            var count = 1
            while count < rest.count, rest[rest.startIndex + count] == first + count { count += 1 }
            if count < 3 { count = 1 }
            texts.append(count == 1 ? name(first) : "\(name(first)) to \(name(first + count - 1))")
            rest = rest.dropFirst(count)
        }
        return texts
    }

    private static func list(_ texts: [String]) -> String {
        guard texts.count > 1, let last = texts.last else { return texts.first ?? "" }
        return "\(texts.dropLast().joined(separator: ", ")) and \(last)"
    }

    // MARK: @every

    /// `@every 1h30m`: since when is not known, as the CronJob's last run decides.
    private static func every(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == "@every" else { return nil }
        var (parts, number): ([String], Int64) = ([], 0)
        for byte in words[1].utf8 {
            if 0x30...0x39 ~= byte {
                number = min(number * 10 + Int64(byte - 0x30), 1_000_000_000)
                continue
            }
            let unit = byte == UInt8(ascii: "h") ? "hour" : byte == UInt8(ascii: "m") ? "minute" : "second"
            if number > 0 { parts.append("\(number) \(unit)\(number == 1 ? "" : "s")") }
            number = 0
        }
        return parts.isEmpty ? nil : "every \(list(parts))"
    }
}
