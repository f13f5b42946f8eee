import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// Brings each stage's entry up to what its Job and pods say.
    /// While the run is `stopping`, a Job that is gone or going was meant to go.
    static func readStages(_ run: AcceptedRun, stopping: Bool, _ draft: inout RunDraft) {
        guard var stages = draft.status.stages else { return }
        for index in stages.indices {
            adopt(&stages[index], draft)
            guard stages[index].phase == .running else { continue }
            read(&stages[index], run.pipeline.stages[index], stopping: stopping, &draft)
        }
        draft.status.stages = stages
        if draft.status.startedAt == nil {
            draft.status.startedAt = stages.filter { $0.attempt == draft.attempt }.compactMap(\.startedAt).min()
        }
    }

    /// A Job that was made just before a crash, and that the status doesn't know yet.
    private static func adopt(_ stage: inout StageStatus, _ draft: RunDraft) {
        guard stage.phase == .pending else { return }
        let name = ObjectNames.job(of: draft.request.metadata, stage: stage.name, attempt: draft.attempt)
        guard let job = draft.observed.jobs.first(where: { $0.metadata.name == name }) else { return }
        stage.phase = .running
        stage.attempt = draft.attempt
        stage.job = name
        stage.startedAt = job.metadata.creationTimestamp ?? draft.now
    }

    private static func read(
        _ stage: inout StageStatus, _ spec: StageSpec, stopping: Bool, _ draft: inout RunDraft
    ) {
        guard let name = stage.job else { return }
        guard let job = draft.observed.jobs.first(where: { $0.metadata.name == name }) else {
            if stopping { return }
            draft.actions.append(.confirmJobIsGone(name: name))
            stage.phase = .failed
            stage.reason = Reason.jobLost
            stage.message = "its Job \(name) was deleted by someone else; raise spec.attempt to run it again"
            stage.completedAt = draft.now
            return
        }
        let pods = draft.observed.pods.filter { $0.belongs(to: stage) }
        switch job.finalCondition?.type {
        case "Complete":
            stage.phase = .succeeded
            stage.exitCode = 0
            stage.reason = nil
            stage.message = nil
            stage.completedAt = job.status?.completionTime ?? job.finalCondition?.lastTransitionTime ?? draft.now
        case .some where stopping && job.failedByItsDeletion:
            // It says that its pod was killed, and we killed it.
            break
        case .some:
            readFailure(of: job, pods, &stage, spec, &draft)
        case nil where stopping:
            break
        case nil where job.metadata.isDeleting:
            stage.phase = .failed
            stage.reason = Reason.jobLost
            stage.message = "its Job \(name) is being deleted by someone else; raise spec.attempt to run it again"
            stage.completedAt = draft.now
        case nil:
            readUnfinished(job, pods, &stage, &draft)
        }
    }

    private static func readFailure(
        of job: Job, _ pods: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft
    ) {
        let diagnosis = PodDiagnosis.failure(of: job, pods: pods, stage: spec)
        let failedAt = job.finalCondition?.lastTransitionTime ?? draft.now
        // Jobs and pods come by two watches. The pod's word is worth a moment: it has the exit code.
        let age = draft.now.seconds - failedAt.seconds
        if !diagnosis.isFromPod, diagnosis.reason != "DeadlineExceeded", (0..<PodDiagnosis.grace).contains(age) {
            draft.wake(at: Timestamp(seconds: failedAt.seconds + PodDiagnosis.grace))
            return
        }
        // A deadline that passed before the pod could start is explained by what kept it from starting.
        let isLate = diagnosis.reason == "DeadlineExceeded"
        let obstacle = isLate && stage.removalSeen == nil ? stage.message.map { "; \($0)" } ?? "" : ""
        // What was seen of a pod says more than the Job, which only counts pods, and than what the program said after it.
        let seen = isLate || diagnosis.reason == stage.reason ? nil : stage.removalSeen
        let last = diagnosis.isFromPod ? "; \(diagnosis.message)" : ""
        stage.phase = .failed
        stage.exitCode = diagnosis.exitCode
        stage.reason = seen?.reason ?? diagnosis.reason
        stage.message = seen.map { $0.message + last } ?? diagnosis.message + obstacle
        stage.completedAt = diagnosis.finishedAt ?? failedAt
    }
}

extension Job {
    /// Whether it failed only because its deletion took its pod away. Until the pods are gone it is still there.
    fileprivate var failedByItsDeletion: Bool {
        guard let deletedAt = metadata.deletionTimestamp, let final = finalCondition else { return false }
        return final.type == "Failed" && (final.lastTransitionTime ?? deletedAt) >= deletedAt
    }
}

extension Pod {
    func belongs(to stage: StageStatus) -> Bool {
        metadata.labels[ReportsAPI.Label.stage] == stage.name
            && metadata.labels[ReportsAPI.Label.attempt] == stage.attempt.map(String.init)
    }
}
