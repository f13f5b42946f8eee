package import Calendars
package import KubernetesModel
import ReportLayout

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

    private struct Placeholder: Hashable, Sendable {
        let unit: Unit
        let offset: Int64
    }

    private let text: BracedText<Placeholder>

    package init(_ text: String) throws(Fault) {
        do throws(BracedText<Placeholder>.Fault) {
            self.text = try BracedText(text, placeholder: Self.placeholder)
        } catch {
            switch error {
            case .notClosed(let rest): throw Self.fault("{\(rest)", "is not closed")
            case .unknown(let name): throw Self.fault("{\(name)}", "is unknown")
            }
        }
    }

    private static func fault(_ text: String, _ what: String) -> Fault {
        Fault(
            description:
                "\"\(JSONValue.shortened(text))\" \(what); allowed are {time}, {date}, {workday}, {month} and {year}, "
                + "with an offset up to 999 such as {month-1}; write {{ for a brace")
    }

    private static func placeholder(_ text: Substring) -> Placeholder? {
        guard let unit = Unit.allCases.first(where: { text.utf8.starts(with: $0.rawValue.utf8) }) else { return nil }
        let offset = text.utf8.dropFirst(unit.rawValue.utf8.count)
        guard let sign = offset.first else { return Placeholder(unit: unit, offset: 0) }
        let digits = offset.dropFirst()
        guard sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+"), (1...3).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return Placeholder(unit: unit, offset: sign == UInt8(ascii: "-") ? -number : number)
    }

    /// Whether it is the same at all times.
    package var isFixed: Bool { text.placeholders.isEmpty }

    /// The text for a scheduled time, as the clocks and calendars of `zone` show it.
    package func text(
        at moment: Timestamp, in zone: ZoneRules, workdays: Workdays = .withoutHolidays
    ) -> String {
        text.text { Self.text($0.unit, $0.offset, at: moment, in: zone, workdays) }
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
