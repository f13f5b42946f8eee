import KubernetesModel
import ReportAPI

/// The stages of a run on one axis of time.
struct Timeline: Sendable {
    let terminal: Terminal
    let moments: Moments

    func lines(_ status: ReportRequestStatus, now: Timestamp) -> [StyledText] {
        let stages = status.stages ?? []
        guard !stages.isEmpty else { return [] }
        let starts = stages.compactMap(\.startedAt)
        let start = starts.min() ?? now
        let end = max(
            stages.compactMap { $0.startedAt == nil ? nil : $0.completedAt ?? now }.max() ?? start, start)
        // What takes no second still has a place on the axis.
        let length = max(1, end.seconds - start.seconds)
        var table = TextTable("STAGE", "PHASE", "STARTED", "TOOK", "")
        let width = min(40, max(12, terminal.width - 60))
        for stage in stages {
            var bar = StyledText("")
            if let began = stage.startedAt {
                let finish = max(began, stage.completedAt ?? now)
                bar = Bar(isUnicode: terminal.isUnicode).span(
                    from: Double(began.seconds - start.seconds) / Double(length),
                    to: Double(finish.seconds - start.seconds) / Double(length), width: width, tone: .of(stage.phase))
            }
            table.rows.append([
                StyledText(stage.name), StyledText(stage.phase.rawValue, .of(stage.phase)),
                StyledText(stage.startedAt.map(moments.clock) ?? ""),
                StyledText(Moments.length(from: stage.startedAt, to: stage.completedAt, now: now)), bar,
            ])
        }
        return table.lines()
    }
}
