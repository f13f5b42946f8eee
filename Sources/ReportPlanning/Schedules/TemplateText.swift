package import Calendars
package import KubernetesModel

/// A parameter's text with placeholders, which stand for a tick's scheduled time.
///
/// `{time}`, `{date}`, `{workday}`, `{month}` and `{year}`, each perhaps with an offset such as `{month-1}`, counted in hours,
/// days, working days, months and years. `{{` is a brace; a closing one is itself everywhere else.
///
/// For example:
///
///     try TemplateText("up to {date-1}").text(at: tick, in: zone)      // up to 2026-03-30
package struct TemplateText: Hashable, Sendable {
    /// What is wrong with a text, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private enum Unit: String, CaseIterable {
        case time, date, workday, month, year
    }

    private enum Part: Hashable, Sendable {
        case text(String)
        case placeholder(Unit, offset: Int64)
    }

    private let parts: [Part]

    package init(_ text: String) throws(Fault) {
        var parts: [Part] = []
        var rest = text[...]
        // By bytes: a search for a character costs the square of what a long run of accents is long.
        while let brace = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
            rest = rest[rest.utf8.index(after: brace)...]
            if rest.utf8.first == UInt8(ascii: "{") {
                parts.append(.text("{"))
                rest = rest[rest.utf8.index(after: rest.startIndex)...]
                continue
            }
            guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else {
                throw Self.fault("{\(rest)", "is not closed")
            }
            guard let part = Self.placeholder(rest[..<end]) else {
                throw Self.fault("{\(rest[..<end])}", "is unknown")
            }
            parts.append(part)
            rest = rest[rest.utf8.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    private static func fault(_ text: String, _ what: String) -> Fault {
        Fault(
            description:
                "\"\(JSONValue.shortened(text))\" \(what); allowed are {time}, {date}, {workday}, {month} and {year}, "
                + "with an offset up to 999 such as {month-1}; write {{ for a brace")
    }

    private static func placeholder(_ text: Substring) -> Part? {
        guard let unit = Unit.allCases.first(where: { text.utf8.starts(with: $0.rawValue.utf8) }) else { return nil }
        let offset = text.utf8.dropFirst(unit.rawValue.utf8.count)
        guard let sign = offset.first else { return .placeholder(unit, offset: 0) }
        let digits = offset.dropFirst()
        guard sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+"), (1...3).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return .placeholder(unit, offset: sign == UInt8(ascii: "-") ? -number : number)
    }

    /// Whether it is the same at all times.
    package var isFixed: Bool {
        parts.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// The text for a scheduled time, as the clocks and calendars of `zone` show it.
    package func text(
        at moment: Timestamp, in zone: ZoneRules, workdays: Workdays = .withoutHolidays
    ) -> String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let part): text += part
            case .placeholder(let unit, let offset): text += Self.text(unit, offset, at: moment, in: zone, workdays)
            }
        }
    }

    private static func text(
        _ unit: Unit, _ offset: Int64, at moment: Timestamp, in zone: ZoneRules, _ workdays: Workdays
    ) -> String {
        let today = zone.local(moment).date
        switch unit {
        // Hours that pass, whatever clocks are set to meanwhile.
        case .time:
            return "\(zone.local(Timestamp(seconds: moment.seconds + offset * 3600)))"
        case .date:
            return "\(CalendarDate(daysSinceEpoch: today.daysSinceEpoch + offset))"
        case .workday:
            return "\(workdays.date(offset, from: today))"
        case .month:
            let month = today.year * 12 + today.month - 1 + offset
            return "\(month.floored(by: 12).padded(to: 4))-\((month - month.floored(by: 12) * 12 + 1).padded(to: 2))"
        case .year:
            return (today.year + offset).padded(to: 4)
        }
    }
}
