package import KubernetesModel
package import ReportAPI
import ReportPlanning

extension Job {
    /// A stage's Job as the API server keeps it just after it was made.
    package static func fixture(
        of request: ReportRequest, stage: String, attempt: Int = 1, at created: Timestamp = .start
    ) -> Job {
        Job(
            metadata: ObjectMeta(
                name: request.jobName(stage, attempt: attempt),
                namespace: request.metadata.namespace,
                uid: "uid-of-\(stage)-\(attempt)",
                creationTimestamp: created,
                labels: request.stageLabels(stage, attempt: attempt),
                ownerReferences: [OwnerReference(controlledBy: request)]),
            status: Status(startTime: created, active: 1))
    }

    package func complete(at time: Timestamp = .start) -> Job {
        condition("Complete", at: time).with { job in
            job.status?.completionTime = time
            job.status?.succeeded = 1
        }
    }

    package func failed(
        _ reason: String = "BackoffLimitExceeded",
        _ message: String = "Job has reached the specified backoff limit",
        at time: Timestamp = .start
    ) -> Job {
        condition("Failed", reason, message, at: time)
    }

    package func deleting(at time: Timestamp = .start) -> Job { with { $0.metadata.deletionTimestamp = time } }

    package func condition(
        _ type: String, _ reason: String = "", _ message: String = "", at time: Timestamp = .start
    ) -> Job {
        with { job in
            let condition = Condition(
                type: type, status: "True", reason: reason, message: message, lastTransitionTime: time,
                observedGeneration: nil)
            let conditions = (job.status?.conditions ?? []) + [condition]
            job.status?.conditions = conditions
        }
    }

    private func with(_ edit: (inout Job) -> Void) -> Job {
        var copy = self
        edit(&copy)
        return copy
    }
}

extension ReportRequest {
    func stageLabels(_ stage: String, attempt: Int) -> [String: String] {
        [
            ReportsAPI.Label.requestUID: metadata.uid,
            ReportsAPI.Label.stage: stage,
            ReportsAPI.Label.attempt: String(attempt),
        ]
    }
}
