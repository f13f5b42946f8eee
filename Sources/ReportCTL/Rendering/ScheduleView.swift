import Calendars
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Schedules as a table, with the time of their next run.
struct ScheduleView: Sendable {
    let now: Timestamp
    let moments: Moments
    /// A zone's rules by its name; nil where they aren't known.
    let zone: @Sendable (String) -> ZoneRules?

    func table(_ schedules: [ReportSchedule], isWide: Bool, showsNamespace: Bool) -> TextTable {
        let titles =
            (showsNamespace ? ["NAMESPACE"] : []) + [
                "NAME", "PIPELINE", "SCHEDULE", "ZONE", "NEXT", "IN", "LAST", "ACTIVE",
            ]
            + ["STATE"] + (isWide ? ["POLICY", "LAST-SUCCESS", "CRONJOB", "AGE", "MESSAGE"] : [])
        var table = TextTable(columns: titles.map { .init(title: $0) })
        for schedule in schedules {
            let spec = schedule.spec.value
            let status = schedule.status
            let next = next(schedule)
            var row = showsNamespace ? [StyledText(schedule.metadata.namespace)] : []
            row += [
                schedule.metadata.name, spec?.request.spec.pipelineRef?.name ?? (spec == nil ? "" : "(inline)"),
                spec?.schedule ?? "", spec?.timeZone ?? "", next.map(moments.full) ?? "",
                next.map { Moments.brief($0.seconds - now.seconds) } ?? "",
                status?.lastScheduleTime.map(moments.full) ?? "", "\(status?.active?.count ?? 0)",
            ].map { StyledText($0) }
            row.append(state(schedule))
            if isWide {
                row += [
                    (spec?.concurrencyPolicy ?? .forbid).rawValue, status?.lastSuccessfulTime.map(moments.full) ?? "",
                    status?.cronJob ?? "", Moments.age(schedule.metadata.creationTimestamp, now: now),
                    message(schedule),
                ].map { StyledText($0) }
            }
            table.rows.append(row)
        }
        return table
    }

    /// When it ticks next; nil where it is suspended or not ready, or what it says isn't understood.
    func next(_ schedule: ReportSchedule) -> Timestamp? { runs(of: schedule, count: 1).first }

    /// The next N times that it ticks at; fewer where there are no more within five years.
    func runs(of schedule: ReportSchedule, count: Int) -> [Timestamp] {
        guard let spec = schedule.spec.value, spec.suspend != true, schedule.status?.ticks != false,
            let cron = try? CronExpression(spec.schedule), let rules = rules(of: spec)
        else { return [] }
        let skips = spec.skipOn == .holidays
        // What a ConfigMap lists the operator knows.
        if skips, spec.holidays?.configMap != nil { return (schedule.status?.nextScheduleTime).map { [$0] } ?? [] }
        let workdays = (try? Workdays(spec.holidays)) ?? .withoutHolidays
        func next(after time: Timestamp) -> Timestamp? {
            skips ? workdays.next(cron, after: time, in: rules) : cron.next(after: time, in: rules)
        }
        var runs: [Timestamp] = []
        while runs.count < count, let next = next(after: runs.last ?? now) { runs.append(next) }
        return runs
    }

    /// Without a zone it is the controller manager's, which is UTC almost everywhere.
    func rules(of spec: ReportScheduleSpec) -> ZoneRules? { spec.timeZone.map(zone) ?? .utc }

    /// Why it isn't ready; empty where it is.
    private func message(_ schedule: ReportSchedule) -> String {
        if let ready = schedule.status?.ready { return ready.isTrue ? "" : ready.message }
        if case .fault(let fault) = schedule.spec { return fault }
        return ""
    }

    func state(_ schedule: ReportSchedule) -> StyledText {
        guard let spec = schedule.spec.value else { return StyledText("faulty", .bad) }
        if let ready = schedule.status?.ready, !ready.isTrue {
            return StyledText(ready.reason.isEmpty ? "not ready" : ready.reason, .bad)
        }
        if spec.suspend == true { return StyledText("suspended", .faint) }
        return schedule.status?.ready == nil
            ? StyledText("not seen by the operator yet", .waiting) : StyledText("ready", .good)
    }
}
