import FoundationEssentials
import KubernetesModel
public import ReportAPI

extension ReportRequest {
    /// The request as its record knows it, also when it is gone: so it is shown by the same means.
    public init(_ record: ReportRecord) {
        var status = ReportRequestStatus()
        status.phase = record.phase
        status.reason = record.reason
        status.message = record.message
        status.pipelineName = record.pipeline
        status.attempt = record.attempt
        status.queuedAt = record.queuedAt.map(Timestamp.init)
        status.startedAt = record.startedAt.map(Timestamp.init)
        status.completedAt = record.completedAt.map(Timestamp.init)
        if let start = status.startedAt, let end = status.completedAt {
            status.duration = ReportDuration.format(seconds: max(0, end.seconds - start.seconds))
        }
        status.stages = record.stages?.map(StageStatus.init)
        status.previousAttempts = record.previousAttempts?.map { attempt in
            PreviousAttempt(
                attempt: attempt.attempt, phase: attempt.phase, reason: attempt.reason,
                startedAt: attempt.startedAt.map(Timestamp.init), completedAt: attempt.completedAt.map(Timestamp.init))
        }
        self.init(
            metadata: ObjectMeta(
                name: record.name, namespace: record.namespace, uid: record.uid, generation: record.generation,
                creationTimestamp: Timestamp(record.createdAt), deletionTimestamp: record.deletedAt.map(Timestamp.init)),
            spec: ReportRequestSpec(
                parameters: record.parameters.map { JSONObject(texts: $0) }, requester: record.requester,
                output: record.formats.map { .init(formats: $0) }, priority: record.priority),
            status: status)
    }
}

extension StageStatus {
    /// As the record has it.
    init(_ stage: ReportRecord.Stage) {
        self.init(name: stage.name, phase: stage.phase, attempt: stage.attempt)
        job = stage.job
        startedAt = stage.startedAt.map(Timestamp.init)
        completedAt = stage.completedAt.map(Timestamp.init)
        exitCode = stage.exitCode
        reason = stage.reason
        message = stage.message
    }
}
