package import KubernetesModel
package import ReportAPI

/// Which days somebody works: Monday to Friday, but for holidays.
package struct Workdays: Hashable, Sendable {
    /// What is wrong with a list of holidays, in sentences.
    package struct Faults: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let holidays: Set<CalendarDate>

    package static let withoutHolidays = Workdays(holidays: [])

    private init(holidays: Set<CalendarDate>) { self.holidays = holidays }

    package init(_ holidays: ReportScheduleSpec.Holidays?) throws(Faults) {
        var dates: Set<CalendarDate> = []
        var faults: [String] = []
        for (place, text) in (holidays?.dates ?? []).enumerated() {
            if let date = CalendarDate(holiday: text) {
                dates.insert(date)
            } else {
                faults.append(
                    "spec.holidays.dates[\(place)]: \(JSONValue.string(text).brief) is not a date such as \"2026-12-25\""
                )
            }
        }
        guard faults.isEmpty else { throw Faults(description: FaultList.text(faults)) }
        self.holidays = dates
    }

    package func isHoliday(_ date: CalendarDate) -> Bool { holidays.contains(date) }

    private func isWorkday(_ date: CalendarDate) -> Bool { (1...5).contains(date.weekday) && !isHoliday(date) }

    /// That many working days later, or earlier; with none the day itself, or the last working day before it.
    package func date(_ offset: Int64, from date: CalendarDate) -> CalendarDate {
        var day = date.daysSinceEpoch
        var left = abs(offset)
        let step: Int64 = offset > 0 ? 1 : -1
        if offset == 0 {
            while !isWorkday(CalendarDate(daysSinceEpoch: day)) { day -= 1 }
        }
        while left > 0 {
            day += step
            if isWorkday(CalendarDate(daysSinceEpoch: day)) { left -= 1 }
        }
        return CalendarDate(daysSinceEpoch: day)
    }
}

extension CalendarDate {
    fileprivate init?(holiday text: String) {
        guard let value = ParameterValue(.string(text), kind: .date), let date = TextForm.date(value.text) else {
            return nil
        }
        self.init(year: Int64(date.year), month: Int64(date.month), day: Int64(date.day))
    }
}
