package import KubernetesModel
package import ReportAPI

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

    /// A Job that was made, and that the status doesn't know yet: its write failed, or the operator died before it. One that is
    /// gone already is lost, and is not made a second time.
    private static func adopt(_ stage: inout StageStatus, _ draft: RunDraft) {
        guard stage.phase == .pending else { return }
        let name = ObjectNames.job(of: draft.request.metadata, stage: stage.name, attempt: draft.attempt)
        let job = draft.observed.jobs.first { $0.metadata.name == name }
        guard let uid = draft.observed.made[name] ?? job?.metadata.uid else { return }
        stage.phase = .running
        stage.attempt = draft.attempt
        stage.job = name
        stage.jobUID = uid
        stage.startedAt = job?.metadata.creationTimestamp ?? draft.now
    }

    private static func read(
        _ stage: inout StageStatus, _ spec: StageSpec, stopping: Bool, _ draft: inout RunDraft
    ) {
        guard let name = stage.job else { return }
        let uid = stage.jobUID
        let found = draft.observed.jobs.first { $0.metadata.name == name && $0.metadata.uid == uid ?? $0.metadata.uid }
        guard let job = found else {
            if stopping { return }
            draft.actions.append(.confirmJobIsGone(name: name))
            stage.phase = .failed
            stage.reason = Reason.jobLost
            stage.message =
                "its Job \(name) is gone: somebody deleted it, or took the operator's label off it again and again; "
                + "raise spec.attempt to run it again"
            stage.completedAt = draft.end(of: stage)
            return
        }
        let pods = draft.observed.pods.filter { $0.belongs(to: stage) }
        // The Job controller waits a second with its word, so as to count several pods at once; a stage has one, and that one's
        // word is as good. Whichever comes first, the end is the same.
        let success = pods.filter { $0.isOwned(by: job) }.compactMap(PodDiagnosis.success).max()
        // A program may well end with 0 because it was told to stop: before Kubernetes 1.31 its Job is Complete then.
        let isCutShort = job.ending == .complete && job.endedByItsDeletion
        switch isCutShort ? nil : job.ending {
        case .complete:
            let end = success ?? job.status?.completionTime ?? job.finalCondition?.lastTransitionTime
            stage.succeed(at: end, of: job, now: draft.now)
        case nil where success != nil:
            stage.succeed(at: success, of: job, now: draft.now)
        case .failed where stopping && job.endedByItsDeletion:
            // It says that its pod was killed, and we killed it.
            break
        case .failed:
            readFailure(of: job, pods, &stage, spec, &draft)
        case nil where stopping:
            break
        case nil where job.metadata.isDeleting:
            stage.phase = .failed
            stage.reason = Reason.jobLost
            stage.message = "its Job \(name) is being deleted by someone else; raise spec.attempt to run it again"
            stage.completedAt = draft.end(of: stage)
        case nil:
            readUnfinished(job, pods, &stage, spec, &draft)
        }
    }

    private static func readFailure(
        of job: Job, _ pods: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft
    ) {
        let diagnosis = PodDiagnosis.failure(of: job, pods: pods, stage: spec)
        let failedAt = job.finalCondition?.lastTransitionTime ?? draft.now
        // Jobs and pods come by two watches. The pod's word is worth a moment: it has the exit code.
        let decideAt = (draft.observed.seen[job.metadata.seenEnding] ?? failedAt).adding(PodDiagnosis.grace)
        if !diagnosis.isFromPod, diagnosis.reason != "DeadlineExceeded", draft.now < decideAt {
            draft.wake(at: decideAt)
            return
        }
        // A deadline that passed before the pod could start is explained by what kept it from starting.
        let isLate = diagnosis.reason == "DeadlineExceeded"
        let obstacle = isLate && stage.removalSeen == nil ? stage.message.map { "; \($0)" } ?? "" : ""
        // What was seen of a pod says more than the Job, which only counts pods, and than what the program said after it.
        let seen = isLate || diagnosis.reason == stage.reason ? nil : stage.removalSeen
        let last = diagnosis.isFromPod ? "; \(diagnosis.message)" : ""
        stage.phase = .failed
        // Its program may have ended before, in a pod that went on: what is said of that has its exit code.
        let ownCode = isLate && stage.reason == Reason.otherContainersRun ? stage.exitCode : nil
        stage.exitCode = diagnosis.exitCode ?? ownCode
        stage.reason = seen?.reason ?? diagnosis.reason
        stage.message = seen.map { $0.message + last } ?? diagnosis.message + obstacle
        stage.end(at: diagnosis.finishedAt ?? failedAt, of: job, now: draft.now)
    }
}

extension StageStatus {
    fileprivate mutating func succeed(at time: Timestamp?, of job: Job, now: Timestamp) {
        phase = .succeeded
        exitCode = 0
        reason = nil
        message = nil
        end(at: time, of: job, now: now)
    }

    /// A stage that ends with its Job has both its times from Kubernetes, whatever the operator's clock says.
    fileprivate mutating func end(at time: Timestamp?, of job: Job, now: Timestamp) {
        startedAt = job.metadata.creationTimestamp ?? startedAt
        let end = time ?? now
        completedAt = startedAt.map { max($0, end) } ?? end
    }
}

extension ReportRequestStatus {
    /// The status as it is to be written when these Jobs have been created for it. It remembers their uids; and a stage starts when the API server says
    /// so, since it will also end by Kubernetes' clock.
    package func noting(_ created: [Job]) -> ReportRequestStatus {
        var status = self
        status.stages = stages?.map { stage in
            guard stage.phase == .running, let job = created.first(where: { $0.metadata.name == stage.job }) else {
                return stage
            }
            var stage = stage
            stage.jobUID = job.metadata.uid
            stage.startedAt = job.metadata.creationTimestamp ?? stage.startedAt
            return stage
        }
        return status
    }
}

extension Job {
    /// Whether nothing of it runs any more and only its own word is missing that it is Complete: its pod has succeeded.
    package func isSpent(by pods: [Pod]) -> Bool {
        let own = pods.filter { $0.isOwned(by: self) }
        return own.contains { PodDiagnosis.success($0) != nil } && own.allSatisfy(\.hasEnded)
    }

    /// Whether it ended only because its deletion took its pod away. Until the pods are gone it is still there.
    fileprivate var endedByItsDeletion: Bool {
        guard let deletedAt = metadata.deletionTimestamp, let condition = finalCondition else { return false }
        return condition.lastTransitionTime ?? deletedAt >= deletedAt
    }
}

extension Pod {
    func belongs(to stage: StageStatus) -> Bool {
        guard let job = stage.job else { return false }
        return metadata.controller(of: Job.resourceKind)?.name == job
    }

    package func isOwned(by job: Job) -> Bool {
        metadata.namespace == job.metadata.namespace
            && metadata.controller(of: Job.resourceKind)?.uid == job.metadata.uid
    }
}
