package import KubernetesModel
package import ReportAPI
import ReportPlanning

/// The runs that take turns with each other: who has a place, and who waits in which order.
package struct QueueGroup: Encodable, Sendable {
    package struct Run: Encodable, Sendable, Equatable {
        package var name: String
        package var phase: String
        package var priority: Int
        /// Of those that wait, from 1 on.
        package var position: Int?
        /// Since when it has its place, or waits for one.
        package var since: Timestamp?
        package var requester: String?
        package var stage: String?
        package var reason: String?
        package var message: String?
    }

    package var namespace: String
    package var key: String
    package var scope: String
    package var limit: Int
    package var running: [Run]
    package var waiting: [Run]
    /// Of a shared lock: who else has or wants it, by the ids of their reports.
    package var elsewhere: Elsewhere?

    package struct Elsewhere: Encodable, Sendable, Equatable {
        package var holders: [String]
        package var line: [String]

        package init(holders: [String], line: [String]) {
            self.holders = holders
            self.line = line
        }
    }

    /// Groups that somebody has a place in or waits for, those with waiters first.
    package static func all(_ requests: [ReportRequest]) -> [QueueGroup] {
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
    package static func unaccepted(_ requests: [ReportRequest]) -> [Run] {
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
