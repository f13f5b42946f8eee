package import KubernetesModel
package import ReportAPI

/// The CronJob that a schedule wants: Kubernetes' clock, whose Jobs start no pod.
package enum ScheduleCronJob {
    /// The longest a CronJob's name may be: its Jobs' names have eleven characters more.
    private static let nameLimit = 52
    /// Ticks never finish, they are deleted. This keeps Kubernetes from doing so where somebody ends one all the same.
    private static let kept = 1000

    /// The schedule's name where it fits, else shortened and told apart by its fingerprint.
    package static func name(of schedule: ObjectMeta) -> String {
        guard schedule.name.utf8.count > nameLimit else { return schedule.name }
        let fingerprint = Fingerprint.of(schedule.name)
        var head = schedule.name.prefix(nameLimit - 1 - Fingerprint.length)
        while head.last == "-" || head.last == "." { head.removeLast() }
        return "\(head)-\(fingerprint)"
    }

    /// `version` is that of `batch`; `zone` the one that the CronJob has already.
    ///
    /// With a zone that it hasn't yet it is suspended. A server may drop zones, by its version or by a feature gate, and only
    /// its answer tells; a CronJob that didn't wait for that could tick at a wrong hour.
    package static func manifest(
        _ schedule: ReportSchedule, _ spec: ReportScheduleSpec, version: String, having zone: String? = nil
    ) -> JSONValue {
        let kind = CronJob.kind(version: version)
        let waitsForZone = spec.timeZone != nil && spec.timeZone != zone
        return .object([
            "apiVersion": .string(kind.apiVersion),
            "kind": .string(kind.kind),
            "metadata": OwnedObject.metadata(
                name: name(of: schedule.metadata), owner: schedule, labels: labels(schedule)),
            "spec": .compact([
                "schedule": .string(spec.schedule),
                "timeZone": spec.timeZone.map(JSONValue.string),
                "concurrencyPolicy": .string((spec.concurrencyPolicy ?? .forbid).rawValue),
                "startingDeadlineSeconds": spec.startingDeadlineSeconds.map { .integer(Int64($0)) },
                "suspend": .bool(spec.suspend ?? false || waitsForZone),
                "successfulJobsHistoryLimit": .integer(Int64(kept)),
                "failedJobsHistoryLimit": .integer(Int64(kept)),
                "jobTemplate": jobTemplate(schedule),
            ]),
        ])
    }

    /// The merge patch that makes one of it that has become different.
    package static func patch(
        _ schedule: ReportSchedule, _ spec: ReportScheduleSpec, onto cronJob: CronJob, version: String
    ) -> JSONValue {
        let manifest = manifest(schedule, spec, version: version, having: cronJob.spec.timeZone)
        let absent = JSONValue.object([
            "timeZone": .null, "startingDeadlineSeconds": .null,
            "jobTemplate": .object([
                "spec": .object(["activeDeadlineSeconds": .null, "ttlSecondsAfterFinished": .null, "suspend": .null])
            ]),
        ])
        return .object([
            "metadata": .object([
                "resourceVersion": .string(cronJob.metadata.resourceVersion), "labels": .strings(labels(schedule)),
            ]),
            "spec": absent.merging(manifest["spec"] ?? .object([:])),
        ])
    }

    /// The merge patch that keeps it from ticking, and leaves the ticks that there are.
    package static func suspension(of cronJob: CronJob) -> JSONValue {
        .object([
            "metadata": .object(["resourceVersion": .string(cronJob.metadata.resourceVersion)]),
            "spec": .object(["suspend": .bool(true)]),
        ])
    }

    /// Whether it is as the schedule wants it. What isn't compared neither ends a Job that starts no pod nor deletes it.
    package static func fits(_ cronJob: CronJob, _ schedule: ReportSchedule, _ spec: ReportScheduleSpec) -> Bool {
        let labels = labels(schedule)
        let has = cronJob.spec
        let templateLabels = has.jobTemplate.metadata?.labels ?? [:]
        return has.schedule == spec.schedule && has.timeZone == spec.timeZone
            && has.concurrencyPolicy == (spec.concurrencyPolicy ?? .forbid).rawValue
            && has.startingDeadlineSeconds == spec.startingDeadlineSeconds
            && has.suspend ?? false == spec.suspend ?? false
            && has.successfulJobsHistoryLimit == kept && has.failedJobsHistoryLimit == kept
            && isEndless(has.jobTemplate.spec)
            && labels.allSatisfy { cronJob.metadata.labels[$0.key] == $0.value && templateLabels[$0.key] == $0.value }
    }

    /// Whether its Jobs last until somebody deletes them. A tick that ended while its request runs would no longer keep
    /// `Forbid` from making the next.
    private static func isEndless(_ job: CronJob.JobTemplate.Spec) -> Bool {
        job.parallelism == 0 && job.completions == 1 && job.activeDeadlineSeconds == nil
            && job.ttlSecondsAfterFinished == nil && job.suspend != true
    }

    private static func labels(_ schedule: ReportSchedule) -> [String: String] {
        [
            ReportsAPI.Label.managedBy: ReportsAPI.manager,
            ReportsAPI.Label.excludeFromBackup: "true",
            ReportsAPI.Label.schedule: ObjectNames.label(schedule.metadata.name),
            ReportsAPI.Label.scheduleUID: schedule.metadata.uid,
        ]
    }

    /// A Job that never ends by itself and never has a pod. The container is there because a Job has one.
    private static func jobTemplate(_ schedule: ReportSchedule) -> JSONValue {
        .object([
            "metadata": .object(["labels": .strings(labels(schedule))]),
            "spec": .object([
                "parallelism": .integer(0),
                "completions": .integer(1),
                "backoffLimit": .integer(0),
                "template": .object([
                    "metadata": .object(["labels": .strings(labels(schedule))]),
                    "spec": .object([
                        "restartPolicy": .string("Never"),
                        "automountServiceAccountToken": .bool(false),
                        "containers": .array([
                            .object(["name": .string("tick"), "image": .string("registry.k8s.io/pause:3.10")])
                        ]),
                    ]),
                ]),
            ]),
        ])
    }
}
