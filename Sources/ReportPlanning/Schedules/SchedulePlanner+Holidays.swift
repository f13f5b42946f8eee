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
        guard let valid = draft.valid, draft.awaited == nil, draft.cronJob != nil, valid.spec.suspend != true,
            let expression = try? CronExpression(valid.spec.schedule)
        else { return (nil, nil) }
        let recent = draft.now.adding(-tickGrace)
        var base = max(last ?? recent, recent)
        if expression.isInterval {
            guard let last else { return (nil, nil) }
            base = last
        }
        let time =
            valid.spec.skipOn == .holidays
            ? valid.template.workdays.next(expression, after: base, in: valid.zone)
            : expression.next(after: base, in: valid.zone)
        guard let time, time > recent else { return (nil, nil) }
        return (time, time.adding(tickGrace))
    }
}

extension ScheduleDraft {
    /// Whether no request is made of a tick. One that somebody asked for, or of which one was made already, isn't skipped.
    func isSkipped(_ tick: Tick) -> Bool {
        guard let valid, awaited == nil, let cronJob, valid.spec.skipOn == .holidays, tick.served == nil,
            tick.belongs(to: cronJob), let time = scheduledTime(of: tick), request(of: tick) == nil
        else { return false }
        return valid.template.workdays.isHoliday(valid.zone.local(time).date)
    }
}
