package import Calendars
package import KubernetesModel
package import ReportAPI

/// Which days somebody works: Monday to Friday, but for holidays.
package struct Workdays: Hashable, Sendable {
    /// What is wrong with a list of holidays, in sentences.
    package struct Faults: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let holidays: Set<CalendarDate>

    /// Of a ConfigMap; more than anybody has, and few enough to count working days among them at any time.
    static let maxDates = 5000

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

    /// With those that the key of a ConfigMap lists: a date on each line, and after it what one likes, such as its name.
    func adding(
        _ map: ObservedSchedule.HolidayMap, of source: ReportScheduleSpec.Holidays.Source, in namespace: String
    ) throws(Faults) -> Workdays {
        let field = "spec.holidays.configMap"
        let name = "ConfigMap \(JSONValue.string(source.name).brief)"
        let key = source.key ?? ReportScheduleSpec.Holidays.Source.defaultKey
        let data: [String: String]
        switch map {
        case .found(let found): data = found
        case .unread: throw Faults(description: "\(field): \(name) hasn't been read yet")
        case .missing: throw Faults(description: "\(field): there is no \(name) in namespace \(namespace)")
        case .refused(let message):
            throw Faults(
                description: "\(field): the operator may not read \(name): \(message); allow it to get configmaps")
        }
        guard let text = data[key] else {
            throw Faults(description: "\(field): \(name) has no key \(JSONValue.string(key).brief)")
        }
        var dates = holidays
        var faults: [String] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let word = words.first.map(String.init), !word.hasPrefix("#") else { continue }
            if let date = CalendarDate(holiday: word) {
                dates.insert(date)
            } else {
                faults.append(
                    "line \(number + 1): \(JSONValue.string(word).brief) is not a date such as 2026-12-25"
                )
            }
            guard dates.count <= Self.maxDates else {
                throw Faults(description: "\(field): \(name), key \(key): there are more than \(Self.maxDates) dates")
            }
        }
        guard faults.isEmpty else {
            throw Faults(description: "\(field): \(name), key \(key), \(FaultList.text(faults))")
        }
        return Workdays(holidays: dates)
    }

    package func isHoliday(_ date: CalendarDate) -> Bool { holidays.contains(date) }

    private func isWorkday(_ date: CalendarDate) -> Bool { (1...5).contains(date.weekday) && !isHoliday(date) }

    /// The first time after `moment` to which the clock comes on no holiday.
    package func next(_ clock: CronExpression, after moment: Timestamp, in zone: ZoneRules) -> Timestamp? {
        var time = clock.next(after: moment, in: zone)
        // A day at a time, whatever comes on it. Of an interval each, since it counts from run to run.
        for _ in 0...Self.maxDates {
            guard let found = time else { return nil }
            let date = zone.local(found).date
            guard isHoliday(date) else { return found }
            let end = zone.moment(CalendarDate(daysSinceEpoch: date.daysSinceEpoch + 1))
            time = clock.next(after: clock.isInterval ? found : max(found, end.adding(-1)), in: zone)
        }
        return nil
    }

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
