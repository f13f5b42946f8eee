import Calendars
import KubernetesModel
import ReportAPI

/// Ticks that no request is made of, since their day is a holiday; and when the clock comes next.
extension SchedulePlanner {
    /// Deletes the ticks of holidays, once the schedule's status tells of them.
    static func skipHolidays(_ draft: inout ScheduleDraft) {
        guard let told = draft.schedule?.status?.lastScheduleTime else { return }
        for tick in draft.observed.ticks where !tick.metadata.isDeleting && draft.isSkipped(tick) {
            guard let time = draft.scheduledTime(of: tick), time <= told else { continue }
            let name = tick.metadata.name
            draft.plan.actions += [
                .confirmTickIsUnserved(tick, names: [name, TickRequest.otherName(of: tick)]),
                .deleteTick(name: name, uid: tick.metadata.uid),
            ]
        }
    }

    /// Seconds that a tick may take to be seen before its time counts as past.
    private static let tickGrace: Int64 = 30

    /// The next scheduled time, and when that has to be looked at again; neither where it doesn't tick.
    static func next(_ draft: ScheduleDraft, last: Timestamp?) -> (time: Timestamp?, wakeAt: Timestamp?) {
        guard let valid = draft.valid, draft.cronJob != nil, valid.spec.suspend != true,
            let expression = try? CronExpression(valid.spec.schedule)
        else { return (nil, nil) }
        let recent = draft.now.adding(-tickGrace)
        var base = max(last ?? recent, recent)
        if expression.isInterval {
            guard let last else { return (nil, nil) }
            base = last
        }
        var time = expression.next(after: base, in: valid.zone)
        // A day at a time, whatever comes on it.
        var days = 0
        while valid.spec.skipOn == .holidays, let found = time, days < 2000 {
            let date = valid.zone.local(found).date
            guard valid.template.workdays.isHoliday(date) else { break }
            let end = valid.zone.moment(CalendarDate(daysSinceEpoch: date.daysSinceEpoch + 1))
            time = expression.next(after: max(found, end.adding(-1)), in: valid.zone)
            days += 1
        }
        guard let time, time > recent else { return (nil, nil) }
        return (time, time.adding(tickGrace))
    }
}

extension ScheduleDraft {
    /// Whether no request is made of a tick. One that somebody asked for, or that a request was made of already, isn't skipped.
    func isSkipped(_ tick: Tick) -> Bool {
        guard let valid, let cronJob, valid.spec.skipOn == .holidays, tick.served == nil, tick.belongs(to: cronJob),
            let time = scheduledTime(of: tick), request(of: tick) == nil
        else { return false }
        return valid.template.workdays.isHoliday(valid.zone.local(time).date)
    }
}
