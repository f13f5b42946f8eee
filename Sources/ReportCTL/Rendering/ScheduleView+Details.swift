import KubernetesModel
import ReportAPI
import ReportPlanning

/// One schedule with all that there is to know of it.
extension ScheduleView {
    /// `runs`: the requests that were made of it and are there still; nil where they can't be listed.
    func details(_ schedule: ReportSchedule, runs requests: [ReportRequest]? = nil) -> [StyledText] {
        let metadata = schedule.metadata
        let status = schedule.status
        var fields = FieldList()
        fields.add("Name", StyledText(metadata.name, .strong))
        fields.add("Namespace", metadata.namespace)
        if let spec = schedule.spec.value { add(spec, to: &fields) }
        fields.add("State", lines: stateLines(schedule))
        fields.add("Next runs", lines: runs(of: schedule, count: 3).map(upcoming))
        fields.add("Last run", status?.lastScheduleTime.map(past))
        fields.add("Last skipped", status?.lastSkippedTime.map(past))
        fields.add("Last success", status?.lastSuccessfulTime.map(past))
        fields.add(
            "Active",
            lines: (status?.active ?? []).map { request in
                StyledText(request.name + (request.scheduledTime.map { ", for \(moments.full($0))" } ?? ""))
            })
        fields.add("CronJob", status?.cronJob)
        fields.add("Created", metadata.creationTimestamp.map(past))
        if metadata.isDeleting { fields.add("Deleting", metadata.deletionTimestamp.map(past)) }
        return fields.lines(width: .max) + parameters(schedule) + pastRuns(requests ?? [])
    }

    private static let shownRuns = 10

    /// The latest first.
    private func pastRuns(_ requests: [ReportRequest]) -> [StyledText] {
        let finished = requests.filter { $0.status?.isTerminal ?? false }.sorted { one, other in
            (one.metadata.creationTimestamp ?? now, one.metadata.name)
                > (other.metadata.creationTimestamp ?? now, other.metadata.name)
        }
        guard !finished.isEmpty else { return [] }
        var table = TextTable("PAST RUN", "PHASE", "STARTED", "DURATION", "REASON")
        for request in finished.prefix(Self.shownRuns) {
            let status = request.status
            let phase = StyledText(status?.phase?.rawValue ?? "", status?.phase == .succeeded ? .good : .bad)
            let started = status?.startedAt.map(moments.full) ?? ""
            table.rows.append([
                StyledText(request.metadata.name), phase, StyledText(started), StyledText(status?.duration ?? ""),
                StyledText(status?.reason ?? ""),
            ])
        }
        return [""] + table.lines()
    }

    private func add(_ spec: ReportScheduleSpec, to fields: inout FieldList) {
        fields.add("Pipeline", spec.request.spec.pipelineRef?.name ?? "(inline)")
        fields.add("Schedule", spec.schedule)
        fields.add("Zone", spec.timeZone ?? "none: the controller manager's, and UTC for placeholders")
        fields.add("Policy", (spec.concurrencyPolicy ?? .forbid).rawValue)
        fields.add(
            "Deadline", spec.startingDeadlineSeconds.map { "at most \(ReportDuration.format(seconds: Int64($0))) late" }
        )
        let usual = ReportScheduleSpec.History.defaultCount
        let holidays = [
            spec.holidays?.dates.map { "\($0.count) listed" }, spec.holidays?.configMap.map { "ConfigMap \($0.name)" },
        ].compactMap(\.self)
        if !holidays.isEmpty {
            let skipped = spec.skipOn == .holidays ? ", skipped" : ""
            fields.add("Holidays", holidays.joined(separator: " and ") + skipped)
        }
        fields.add(
            "Keeps",
            "\(spec.history?.succeeded ?? usual) that succeeded, \(spec.history?.failed ?? usual) others")
    }

    /// With what its condition says, or its fault.
    private func stateLines(_ schedule: ReportSchedule) -> [StyledText] {
        let state = state(schedule)
        var message = schedule.status?.ready?.message ?? ""
        if case .fault(let fault) = schedule.spec { message = fault }
        // That of a suspended one begins with this very word.
        let prefix = state.rendered(color: false) + ": "
        if message.hasPrefix(prefix) { message = String(message.dropFirst(prefix.count)) }
        let lines = StyledText.lines(message)
        guard let first = lines.first else { return [state] }
        return [state + "   " + first] + lines.dropFirst()
    }

    /// As they are written, and beside it what they are at the next run.
    private func parameters(_ schedule: ReportSchedule) -> [StyledText] {
        guard let spec = schedule.spec.value, let written = spec.request.spec.parameters, !written.isEmpty else {
            return []
        }
        // A suspended one shows what a run by hand would have, and one that doesn't tick makes none.
        let next = next(schedule)
        // What isn't a working day by a ConfigMap the operator knows alone.
        let isKnown = schedule.status?.ticks != false && spec.holidays?.configMap == nil
        let template = isKnown ? try? ScheduleTemplate(spec.request, holidays: spec.holidays) : nil
        let resolved = template.flatMap { template in
            rules(of: spec).map { template.spec(at: next ?? now, in: $0).parameters ?? [:] }
        }
        var table = TextTable("PARAMETER", "VALUE", next == nil ? "RUN NOW" : "AT THE NEXT RUN")
        if resolved == nil { table.columns.removeLast() }
        for (name, value) in written.sorted(by: { $0.key < $1.key }) {
            let cells = [name, ParameterLines.text(value)] + (resolved?[name].map { [ParameterLines.text($0)] } ?? [])
            table.rows.append(cells.map { StyledText($0) })
        }
        return [""] + table.lines()
    }

    private func upcoming(_ moment: Timestamp) -> StyledText {
        StyledText("\(moments.full(moment))  (in \(Moments.brief(moment.seconds - now.seconds)))")
    }

    private func past(_ moment: Timestamp) -> StyledText {
        StyledText("\(moments.full(moment))  (\(Moments.age(moment, now: now)) ago)")
    }
}
