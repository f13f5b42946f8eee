package import KubernetesModel
package import ReportAPI
package import ReportPlanning

/// The runs that have a slot and those that wait, queue by queue.
package struct QueueView: Sendable, JSONWritable {
    package var groups: [QueueGroupView]

    /// `isVisible`: whether the caller may see the runs of a namespace.
    package init(_ expectations: Expectations, isVisible: (_ namespace: String) -> Bool = { _ in true }) {
        groups = expectations.groups.filter { isVisible($0.group.namespace) }
            .map { QueueGroupView($0, expectations) }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object { $0.member("groups", groups) }
    }
}

/// The runs that take turns with each other.
package struct QueueGroupView: Sendable, JSONWritable {
    package var namespace: String
    package var key: String
    package var scope: ConcurrencySpec.Scope
    package var limit: Int
    package var running: [QueueRunView]
    package var waiting: [QueueRunView]

    package init(_ group: Expectations.Group, _ expectations: Expectations) {
        namespace = group.group.namespace
        key = group.group.key
        scope = group.group.scope
        limit = group.group.limit
        running = group.running.map { QueueRunView($0, expectations) }
        waiting = group.waiting.map { QueueRunView($0, expectations) }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("namespace", namespace)
            $0.member("key", key)
            $0.member("scope", scope.rawValue)
            $0.member("limit", limit)
            $0.member("running", running)
            $0.member("waiting", waiting)
        }
    }
}

/// A run that has a place, or waits for one.
package struct QueueRunView: Hashable, Sendable, JSONWritable {
    package var namespace: String
    package var name: String
    package var id: String
    package var phase: ReportRequestStatus.Phase
    package var priority: Int
    /// Of one that waits, from 1 on.
    package var position: Int?
    /// Since when it has its place, or waits for one.
    package var since: Timestamp?
    package var requester: String?
    package var stage: String?
    package var message: String?
    package var expected: Expectation?

    package init(_ request: ReportRequest, _ expectations: Expectations) {
        let (metadata, spec, status) = (request.metadata, request.spec.value, request.status)
        namespace = metadata.namespace
        name = metadata.name
        id = status?.reportID ?? metadata.uid
        phase = status?.phase ?? .queued
        priority = spec?.priority ?? 0
        position = expectations.position(of: metadata.uid)
        since = (position == nil ? status?.startedAt : status?.queuedAt) ?? metadata.creationTimestamp
        requester = spec?.requester?.name ?? spec?.requester?.email
        stage = status?.stage
        message = status?.explanation
        expected = expectations.expectation(of: metadata.uid)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("namespace", namespace)
            $0.member("name", name)
            $0.member("id", id)
            $0.member("phase", phase.rawValue)
            $0.member("priority", priority)
            $0.member("position", position)
            $0.member("since", since)
            $0.member("requester", requester)
            $0.member("stage", stage)
            $0.member("message", message)
            $0.member("expected", expected)
        }
    }
}
