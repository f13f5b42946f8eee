/// A `batch/v1` Job as it is observed. What is created is a manifest (`JSONValue`); its template is never kept.
public struct Job: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(group: "batch", version: "v1", kind: "Job", plural: "jobs")

    public struct Status: Codable, Hashable, Sendable {
        public var conditions: [Condition]?
        public var startTime: Timestamp?
        public var completionTime: Timestamp?
        public var active: Int?
        public var succeeded: Int?
        public var failed: Int?

        public init(
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

    /// How a Job ends: the types of its last condition. `FailureTarget` and `SuccessCriteriaMet` (1.31 and later) announce
    /// an end that still waits for pods, so they aren't among them.
    public enum Ending: String, Sendable, CaseIterable {
        case complete = "Complete"
        case failed = "Failed"
    }

    public var metadata: ObjectMeta
    public var status: Status?

    public init(metadata: ObjectMeta, status: Status? = nil) {
        self.metadata = metadata
        self.status = status
    }

    /// The final condition, when the Job has ended.
    public var finalCondition: Condition? {
        status?.conditions?.first { $0.isTrue && Ending(rawValue: $0.type) != nil }
    }

    /// Nil while it hasn't ended.
    public var ending: Ending? { finalCondition.flatMap { Ending(rawValue: $0.type) } }

    public var isFinished: Bool { finalCondition != nil }

    /// Whether it has no pods because its `spec.suspend` is set.
    public var isSuspended: Bool { status?.conditions?.contains { $0.type == "Suspended" && $0.isTrue } ?? false }
}
