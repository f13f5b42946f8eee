import KubernetesModel
import ReportAPI
import ReportClient

/// Queues as tables.
enum QueueView {
    static func lines(_ groups: [QueueGroup], unaccepted: [QueueGroup.Run], now: Timestamp, showsNamespace: Bool)
        -> [StyledText]
    {
        var lines: [StyledText] = []
        for group in groups {
            if !lines.isEmpty { lines.append("") }
            let place = showsNamespace ? "\(group.namespace)/" : ""
            let shared = group.scope == "Shared" ? ", over all clusters" : ""
            lines.append(
                StyledText("\(place)\(group.key)", .strong)
                    + StyledText(
                        "   at most \(group.limit) at once\(shared); \(group.running.count) running, "
                            + "\(group.waiting.count) waiting"))
            lines += table(group, now)
            if let elsewhere = group.elsewhere { lines += [summary(elsewhere)] }
        }
        if !unaccepted.isEmpty {
            if !lines.isEmpty { lines.append("") }
            lines.append(StyledText("Not accepted yet", .strong))
            lines += unaccepted.map { run in
                StyledText(
                    "  \(run.name)   \(Moments.age(run.since, now: now))   \(run.message ?? "not seen by the operator")"
                )
            }
        }
        return lines
    }

    private static func table(_ group: QueueGroup, _ now: Timestamp) -> [StyledText] {
        var table = TextTable("  PLACE", "NAME", "PRIORITY", "SINCE", "REQUESTER", "WHY")
        let holders = group.running.map(\.name).joined(separator: ", ")
        for run in group.running + group.waiting {
            let phase = ReportRequestStatus.Phase(rawValue: run.phase)
            let why =
                run.position == nil
                ? run.stage ?? run.phase
                : run.reason == Reason.waitingForTurn && !holders.isEmpty
                    ? run.position == 1
                        ? "next, after \(holders)" : "behind \(group.waiting[(run.position ?? 1) - 2].name)"
                    : run.message ?? ""
            table.rows.append([
                StyledText("  " + (run.position.map { "\($0)" } ?? run.phase), .of(phase)), StyledText(run.name),
                StyledText("\(run.priority)"), StyledText(Moments.age(run.since, now: now)),
                StyledText(run.requester ?? ""), StyledText(why),
            ])
        }
        return table.lines()
    }

    private static func summary(_ elsewhere: QueueGroup.Elsewhere) -> StyledText {
        let holders = elsewhere.holders.isEmpty ? "no run" : elsewhere.holders.joined(separator: ", ")
        let line = elsewhere.line.isEmpty ? "" : "; in the line: \(elsewhere.line.joined(separator: ", "))"
        return StyledText("  The shared lock is held by \(holders)\(line)")
    }
}
