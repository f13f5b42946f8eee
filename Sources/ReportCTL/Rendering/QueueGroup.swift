import KubernetesModel
import ReportAPI
import ReportPlanning

/// The runs that take turns with each other: who has a place, and who waits in which order.
struct QueueGroup: Encodable, Sendable {
    struct Run: Encodable, Sendable, Equatable {
        var name: String
        var phase: String
        var priority: Int
        /// Of those that wait, from 1 on.
        var position: Int?
        /// Since when it has its place, or waits for one.
        var since: Timestamp?
        var requester: String?
        var stage: String?
        var reason: String?
        var message: String?
    }

    var namespace: String
    var key: String
    var scope: String
    var limit: Int
    var running: [Run]
    var waiting: [Run]
    /// Of a shared lock: who else has or wants it, by the ids of their reports.
    var elsewhere: Elsewhere?

    struct Elsewhere: Encodable, Sendable, Equatable {
        var holders: [String]
        var line: [String]
    }

    /// Groups that somebody has a place in or waits for, those with waiters first.
    static func all(_ requests: [ReportRequest]) -> [QueueGroup] {
        var groups: [String: (ConcurrencyGroup, [ReportRequest])] = [:]
        for request in requests where request.status?.isTerminal == false {
            guard let group = ConcurrencyGroup(request) else { continue }
            groups[group.id, default: (group, [])].1.append(request)
        }
        return groups.values.map { group, requests in
            let waiting = requests.filter { $0.status?.phase == .queued }
                .sorted { QueuePosition($0) < QueuePosition($1) }
            return QueueGroup(
                namespace: group.namespace, key: group.key, scope: group.scope.rawValue, limit: group.limit,
                running: requests.filter { $0.status?.phase?.holdsSlot == true }
                    .sorted { QueuePosition($0) < QueuePosition($1) }.map { Run($0, position: nil) },
                waiting: waiting.enumerated().map { Run($1, position: $0 + 1) })
        }.sorted {
            ($0.waiting.isEmpty ? 1 : 0, $0.namespace, $0.key) < ($1.waiting.isEmpty ? 1 : 0, $1.namespace, $1.key)
        }
    }

    /// Those that the operator hasn't accepted yet, and so stand in no line.
    static func unaccepted(_ requests: [ReportRequest]) -> [Run] {
        requests.filter { $0.status?.isTerminal != true && $0.status?.accepted == nil }
            .sorted { QueuePosition($0) < QueuePosition($1) }.map { Run($0, position: nil) }
    }
}

extension QueueGroup.Run {
    init(_ request: ReportRequest, position: Int?) {
        let status = request.status
        self.init(
            name: request.metadata.name, phase: status?.phase?.rawValue ?? "New",
            priority: request.spec.value?.priority ?? 0, position: position,
            since: position == nil
                ? status?.startedAt ?? request.metadata.creationTimestamp
                : status?.queuedAt ?? request.metadata.creationTimestamp,
            requester: request.spec.value?.requester?.name ?? request.spec.value?.requester?.email,
            stage: status?.stage, reason: status?.reason, message: status?.message)
    }
}

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
