/// A `batch/v1` Job as it is observed. What is created is a manifest (`JSONValue`); its template is never kept.
package struct Job: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(group: "batch", version: "v1", kind: "Job", plural: "jobs")

    package struct Status: Codable, Hashable, Sendable {
        package var conditions: [Condition]?
        package var startTime: Timestamp?
        package var completionTime: Timestamp?
        package var active: Int?
        package var succeeded: Int?
        package var failed: Int?

        package init(
            conditions: [Condition]? = nil,
            startTime: Timestamp? = nil,
            completionTime: Timestamp? = nil,
            active: Int? = nil,
            succeeded: Int? = nil,
            failed: Int? = nil
        ) {
            self.conditions = conditions
            self.startTime = startTime
            self.completionTime = completionTime
            self.active = active
            self.succeeded = succeeded
            self.failed = failed
        }
    }

    package var metadata: ObjectMeta
    package var status: Status?

    package init(metadata: ObjectMeta, status: Status? = nil) {
        self.metadata = metadata
        self.status = status
    }

    /// The final condition, when the Job has ended. `FailureTarget` and `SuccessCriteriaMet` (1.31 and later) announce
    /// an end that still waits for pods, so they don't count.
    package var finalCondition: Condition? {
        status?.conditions?.first { $0.isTrue && ($0.type == "Complete" || $0.type == "Failed") }
    }

    package var isFinished: Bool { finalCondition != nil }

    /// Whether it has no pods because its `spec.suspend` is set.
    package var isSuspended: Bool { status?.conditions?.contains { $0.type == "Suspended" && $0.isTrue } ?? false }
}
