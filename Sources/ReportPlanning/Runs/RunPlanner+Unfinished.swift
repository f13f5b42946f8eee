import KubernetesModel
import ReportAPI

/// What is told of a stage whose Job hasn't ended: why it doesn't start, what is being done to its pod, and that its
/// program is through although the pod goes on.
extension RunPlanner {
    /// Seconds that the other containers of a pod have to end after the stage's own program.
    package static let sidecarGrace: Int64 = 10
    /// Seconds that a Job may be without a pod, or a pod in preparation, before its events are asked for.
    package static let eventPatience: Int64 = 15
    private static let longestEventPause: Int64 = 300

    static func readUnfinished(_ job: Job, _ pods: [Pod], _ stage: inout StageStatus, _ draft: inout RunDraft) {
        if let pod = pods.first(where: { PodDiagnosis.outlived($0) != nil }),
            let outlived = PodDiagnosis.outlived(pod)
        {
            readOutlived(outlived.own, outlived.others, &stage, &draft)
        } else if job.isSuspended {
            stage.reason = Reason.jobSuspended
            stage.message = "its Job \(job.metadata.name) is suspended; it goes on once the Job's spec.suspend is false"
        } else if pods.contains(where: { !$0.hasEnded && !$0.metadata.isDeleting }) {
            readWaiting(pods, &stage, &draft)
        } else if let removed = pods.first(where: { PodDiagnosis.removal($0) != nil }),
            let removal = PodDiagnosis.removal(removed)
        {
            // Kept until another pod takes its place: the pod may be gone before its Job has failed.
            let isAnnounced = job.status?.conditions?.contains { $0.type == "FailureTarget" && $0.isTrue } ?? false
            if !isAnnounced { (stage.reason, stage.message) = removal }
        } else if pods.isEmpty {
            readMissingPod(of: job, &stage, &draft)
        }
    }

    /// The stage's own exit code decides, whatever else runs in its pod. Others get a moment to end by themselves, as
    /// then nobody has to stop anything.
    private static func readOutlived(
        _ own: PodDiagnosis, _ others: [String], _ stage: inout StageStatus, _ draft: inout RunDraft
    ) {
        let names = (others.count == 1 ? "container " : "containers ") + StageColumn.brief(others)
        let ended = own.finishedAt ?? draft.now
        let stopAt = Timestamp(seconds: ended.seconds + sidecarGrace)
        guard stopAt <= draft.now else {
            stage.exitCode = own.exitCode
            stage.reason = Reason.otherContainersRun
            stage.message = "its program has ended (\(own.message)), and \(names) of its pod still runs"
            draft.wake(at: stopAt)
            return
        }
        stage.exitCode = own.exitCode
        stage.completedAt = ended
        if own.exitCode == 0 {
            stage.phase = .succeeded
            stage.reason = nil
            stage.message = nil
        } else {
            stage.phase = .failed
            stage.reason = own.reason
            stage.message = "\(own.message); not tried again, since \(names) of its pod ran on"
        }
    }

    /// Why a pod doesn't start is shown once it has lasted, and worded anew only when the reason changes: the
    /// kubelet's and the scheduler's texts alternate.
    private static func readWaiting(_ pods: [Pod], _ stage: inout StageStatus, _ draft: inout RunDraft) {
        if let waiting = pods.lazy.compactMap(PodDiagnosis.waiting).first {
            let showAt = Timestamp(seconds: waiting.since.seconds + PodDiagnosis.patience)
            guard showAt <= draft.now else { return draft.wake(at: showAt) }
            guard stage.reason != waiting.reason else { return }
            (stage.reason, stage.message) = (waiting.reason, waiting.message)
        } else if let pod = pods.first(where: PodDiagnosis.isBeingPrepared) {
            guard let trouble = trouble(of: pod.metadata, kind: "Pod", &draft) else {
                return (stage.reason, stage.message) = (nil, nil)
            }
            (stage.reason, stage.message) = (trouble.reason, trouble.message)
        } else {
            (stage.reason, stage.message) = (nil, nil)
        }
    }

    /// A Job that the API server has taken and whose pod it refuses: only the Job's events say why.
    private static func readMissingPod(of job: Job, _ stage: inout StageStatus, _ draft: inout RunDraft) {
        let trouble = trouble(of: job.metadata, kind: "Job", &draft)
        if let trouble {
            (stage.reason, stage.message) = (trouble.reason, trouble.message)
        } else if stage.removalSeen == nil, draft.observed.troubles[job.metadata.uid] != nil {
            stage.reason = Reason.noPod
            stage.message =
                "its Job \(job.metadata.name) has no pod yet, and no event says why; see "
                + "kubectl describe job -n \(job.metadata.namespace) \(job.metadata.name)"
        }
    }

    /// The last warning of an object that has been there for some time. It is asked for again with pauses that grow with
    /// its age.
    private static func trouble(
        of object: ObjectMeta, kind: String, _ draft: inout RunDraft
    ) -> (reason: String, message: String)? {
        guard let since = object.creationTimestamp else { return nil }
        let known = draft.observed.troubles[object.uid]
        let pause = known.map { min(max(eventPatience, $0.readAt.seconds - since.seconds), longestEventPause) }
        let readAt = Timestamp(seconds: known.map { $0.readAt.seconds + (pause ?? 0) } ?? since.seconds + eventPatience)
        if draft.now < readAt {
            draft.wake(at: readAt)
        } else {
            draft.actions.append(
                .readEvents(kind: kind, name: object.name, uid: object.uid, at: draft.now))
            draft.wake(at: draft.now)
        }
        guard let reason = known?.reason else { return nil }
        return (reason, "\(reason): \(known?.message ?? "no more is known")")
    }
}

extension StageStatus {
    /// What was told of a pod of it that was being taken away.
    var removalSeen: (reason: String, message: String)? {
        guard let reason, let message, message.contains("pod "),
            reason == Reason.podDeleted || message.hasPrefix("\(reason): pod ")
        else { return nil }
        return (reason, message)
    }
}
