package import KubernetesModel
package import ReportAPI
package import ReportPlanning

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
        /// By past runs; nil where they tell nothing, or nobody has asked.
        package var expected: Expected?

        package struct Expected: Encodable, Sendable, Equatable {
            package var startsAt: Timestamp?
            package var endsAt: Timestamp?
            /// How many past runs it rests on, at the least.
            package var runs: Int
            /// Whether something takes longer than usual already: the times are the earliest then.
            package var overdue: Bool?
        }
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
    package static func all(_ expectations: Expectations) -> [QueueGroup] {
        expectations.groups.map { found in
            let group = found.group
            return QueueGroup(
                namespace: group.namespace, key: group.key, scope: group.scope.rawValue, limit: group.limit,
                running: found.running.map { Run($0, expectations) },
                waiting: found.waiting.map { Run($0, expectations) })
        }
    }

    /// Those that the operator hasn't accepted yet, and so are in no queue.
    package static func unaccepted(_ requests: [ReportRequest]) -> [Run] {
        requests.filter { $0.status?.isTerminal != true && $0.status?.accepted == nil }
            .sorted { QueuePosition($0) < QueuePosition($1) }.map { Run($0) }
    }
}

extension QueueGroup.Run {
    init(_ request: ReportRequest, _ expectations: Expectations? = nil) {
        let (status, uid) = (request.status, request.metadata.uid)
        let position = expectations?.position(of: uid)
        self.init(
            name: request.metadata.name, phase: status?.phase?.rawValue ?? "New",
            priority: request.spec.value?.priority ?? 0, position: position,
            since: position == nil
                ? status?.startedAt ?? request.metadata.creationTimestamp
                : status?.queuedAt ?? request.metadata.creationTimestamp,
            requester: request.spec.value?.requester?.name ?? request.spec.value?.requester?.email,
            stage: status?.stage, reason: status?.reason, message: status?.explanation,
            expected: expectations?.expectation(of: uid).map {
                .init(startsAt: $0.startsAt, endsAt: $0.endsAt, runs: $0.runs, overdue: $0.isOverdue ? true : nil)
            })
    }
}
