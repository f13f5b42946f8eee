/// A CronJob as far as it is compared with what it should be: `batch/v1`, or `batch/v1beta1` before Kubernetes 1.21.
public struct CronJob: KubernetesResource, Hashable {
    public static let resourceKind = kind(version: "v1")

    public static func kind(version: String) -> ResourceKind {
        ResourceKind(group: "batch", version: version, kind: "CronJob", plural: "cronjobs")
    }

    public struct Spec: Codable, Hashable, Sendable {
        public var schedule: String
        /// Kubernetes 1.25 and later; a server that doesn't know it drops it.
        public var timeZone: String?
        public var concurrencyPolicy: String?
        public var startingDeadlineSeconds: Int?
        public var suspend: Bool?
        public var successfulJobsHistoryLimit: Int?
        public var failedJobsHistoryLimit: Int?
        public var jobTemplate: JobTemplate

        public init(schedule: String, jobTemplate: JobTemplate) {
            self.schedule = schedule
            self.jobTemplate = jobTemplate
        }
    }

    public struct JobTemplate: Codable, Hashable, Sendable {
        public struct Metadata: Codable, Hashable, Sendable {
            public var labels: [String: String]?

            public init(labels: [String: String]? = nil) { self.labels = labels }
        }

        /// What decides when a Job starts pods, when it ends and when it goes.
        public struct Spec: Codable, Hashable, Sendable {
            public var parallelism: Int?
            public var completions: Int?
            public var activeDeadlineSeconds: Int?
            public var ttlSecondsAfterFinished: Int?
            public var suspend: Bool?

            public init(parallelism: Int? = nil, completions: Int? = nil) {
                self.parallelism = parallelism
                self.completions = completions
            }
        }

        public var metadata: Metadata?
        public var spec: Spec

        public init(metadata: Metadata? = nil, spec: Spec) {
            self.metadata = metadata
            self.spec = spec
        }
    }

    public struct Status: Codable, Hashable, Sendable {
        public var lastScheduleTime: Timestamp?

        public init(lastScheduleTime: Timestamp? = nil) { self.lastScheduleTime = lastScheduleTime }
    }

    public var metadata: ObjectMeta
    public var spec: Spec
    public var status: Status?

    public init(metadata: ObjectMeta, spec: Spec, status: Status? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = try container.decode(Spec.self, forKey: .spec)
        status = try container.decodeIfPresent(Status.self, forKey: .status)
        // Kept once where they are the same, as on all that the operator makes: they are much of what a cache of them takes.
        if spec.jobTemplate.metadata?.labels == metadata.labels {
            spec.jobTemplate.metadata?.labels = metadata.labels
        }
    }
}
