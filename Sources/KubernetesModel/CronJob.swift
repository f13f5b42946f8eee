/// A CronJob as far as it is compared with what it should be: `batch/v1`, or `batch/v1beta1` before Kubernetes 1.21.
package struct CronJob: KubernetesResource, Hashable {
    package static let resourceKind = kind(version: "v1")

    package static func kind(version: String) -> ResourceKind {
        ResourceKind(group: "batch", version: version, kind: "CronJob", plural: "cronjobs")
    }

    package struct Spec: Codable, Hashable, Sendable {
        package var schedule: String
        /// Kubernetes 1.25 and later; a server that doesn't know it drops it.
        package var timeZone: String?
        package var concurrencyPolicy: String?
        package var startingDeadlineSeconds: Int?
        package var suspend: Bool?
        package var successfulJobsHistoryLimit: Int?
        package var failedJobsHistoryLimit: Int?
        package var jobTemplate: JobTemplate

        package init(schedule: String, jobTemplate: JobTemplate) {
            self.schedule = schedule
            self.jobTemplate = jobTemplate
        }
    }

    package struct JobTemplate: Codable, Hashable, Sendable {
        package struct Metadata: Codable, Hashable, Sendable {
            package var labels: [String: String]?

            package init(labels: [String: String]? = nil) { self.labels = labels }
        }

        /// What decides when a Job starts pods, when it ends and when it goes.
        package struct Spec: Codable, Hashable, Sendable {
            package var parallelism: Int?
            package var completions: Int?
            package var activeDeadlineSeconds: Int?
            package var ttlSecondsAfterFinished: Int?
            package var suspend: Bool?

            package init(parallelism: Int? = nil, completions: Int? = nil) {
                self.parallelism = parallelism
                self.completions = completions
            }
        }

        package var metadata: Metadata?
        package var spec: Spec

        package init(metadata: Metadata? = nil, spec: Spec) {
            self.metadata = metadata
            self.spec = spec
        }
    }

    package struct Status: Codable, Hashable, Sendable {
        package var lastScheduleTime: Timestamp?

        package init(lastScheduleTime: Timestamp? = nil) { self.lastScheduleTime = lastScheduleTime }
    }

    package var metadata: ObjectMeta
    package var spec: Spec
    package var status: Status?

    package init(metadata: ObjectMeta, spec: Spec, status: Status? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    package init(from decoder: any Decoder) throws {
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
