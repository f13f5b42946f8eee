import KubernetesModel
import ReportAPI
import ReportClient

/// Queues as tables.
enum QueueView {
    /// `expects`: past runs were asked for, so that each run says what is expected of it.
    static func lines(
        _ groups: [QueueGroup], unaccepted: [QueueGroup.Run], now: Timestamp, showsNamespace: Bool,
        expects: Bool = false, moments: Moments = .local
    ) -> [StyledText] {
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
            lines += table(group, now, expects ? moments : nil)
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

    private static func table(_ group: QueueGroup, _ now: Timestamp, _ moments: Moments?) -> [StyledText] {
        let titles = ["  PLACE", "NAME", "PRIORITY", "SINCE"] + (moments == nil ? [] : ["EXPECTED"])
        var table = TextTable(columns: (titles + ["REQUESTER", "WHY"]).map { TextTable.Column(title: $0) })
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
            let expected = moments.map { [StyledText(expectation(of: run, now, $0))] } ?? []
            table.rows.append(
                [
                    StyledText("  " + (run.position.map { "\($0)" } ?? run.phase), .of(phase)), StyledText(run.name),
                    StyledText("\(run.priority)"), StyledText(Moments.age(run.since, now: now)),
                ] + expected + [StyledText(run.requester ?? ""), StyledText(why)])
        }
        return table.lines()
    }

    /// About when one that waits starts, and one that runs is done.
    private static func expectation(of run: QueueGroup.Run, _ now: Timestamp, _ moments: Moments) -> String {
        guard let expected = run.expected else { return run.phase == "Cancelling" ? "" : "not known: no past runs" }
        if run.position == nil {
            if expected.overdue == true { return "longer than usual" }
            return expected.endsAt.flatMap { moments.about($0, now: now) }.map { "done \($0)" } ?? ""
        }
        guard let start = expected.startsAt else { return "not known: no past runs" }
        guard start > now, let words = moments.about(start, now: now) else {
            return expected.overdue == true ? "longer than usual" : "any moment"
        }
        return "starts \(words)" + (expected.overdue == true ? " at the earliest" : "")
    }

    private static func summary(_ elsewhere: QueueGroup.Elsewhere) -> StyledText {
        let holders = elsewhere.holders.isEmpty ? "no run" : elsewhere.holders.joined(separator: ", ")
        let line = elsewhere.line.isEmpty ? "" : "; in the line: \(elsewhere.line.joined(separator: ", "))"
        return StyledText("  The shared lock is held by \(holders)\(line)")
    }
}
