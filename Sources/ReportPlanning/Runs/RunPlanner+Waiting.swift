import KubernetesModel
import ReportAPI

/// What is said of a stage whose Job has not ended: why it doesn't start, what happened to its pod, and that its program is
/// through although the pod goes on.
extension RunPlanner {
    static func readUnfinished(
        _ job: Job, _ pods: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft
    ) {
        if readOutlived(pods, &stage, spec, &draft) { return }
        let live = pods.filter { !$0.hasEnded && !$0.metadata.isDeleting }
        if job.isSuspended {
            stage.reason = Reason.jobSuspended
            stage.message =
                "its Job \(job.metadata.name) is suspended, which the operator never does; set its spec.suspend to false"
        } else if !live.isEmpty {
            readWaiting(live, besides: pods, &stage, spec, &draft)
        } else if let removal = removal(of: pods, job, spec) {
            // Kept until another pod takes its place: the pod may be gone before its Job has failed.
            (stage.reason, stage.message) = removal
        } else if pods.isEmpty, !isOver(job, spec, draft) {
            readMissingPod(of: job, &stage, &draft)
        }
        // What is said of a program that has ended has its exit code.
        if stage.reason != Reason.otherContainersRun { stage.exitCode = nil }
        failUnstarted(job, live, &stage, spec, &draft, hasPods: !pods.isEmpty)
    }

    /// Why a pod doesn't start is shown once it has lasted, and reworded only when the reason changes: the kubelet's and
    /// the scheduler's texts alternate.
    private static func readWaiting(
        _ live: [Pod], besides pods: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft
    ) {
        guard let waiting = obstacle(live, spec, &draft) else {
            (stage.reason, stage.message) = overlap(live, pods) ?? (nil, nil)
            return
        }
        let showAt = waiting.since.adding(PodDiagnosis.patience)
        guard showAt <= draft.now else { return draft.wake(at: showAt) }
        guard stage.reason != waiting.reason else { return }
        stage.reason = waiting.reason
        stage.message = StageReferences(spec).completing(waiting.message, reason: waiting.reason)
    }

    private static func obstacle(
        _ live: [Pod], _ spec: StageSpec, _ draft: inout RunDraft
    ) -> (reason: String, message: String, since: Timestamp)? {
        for pod in live {
            guard let waiting = PodDiagnosis.waiting(pod), let since = draft.since(pod.metadata) else { continue }
            guard PodDiagnosis.isUnplaced(pod), PodDiagnosis.mentionsVolumes(waiting.message) else {
                return (waiting.reason, waiting.message, since)
            }
            let claims = claims(of: spec, draft)
            if let trouble = warning(ofClaims: claims, since: since, &draft) { return trouble }
            return (waiting.reason, waiting.message + named(claims, "; its volume claims: "), since)
        }
        guard let pod = live.first(where: { $0.status?.phase ?? "Pending" == "Pending" }),
            let since = draft.since(pod.metadata)
        else { return nil }
        guard PodDiagnosis.isOverlooked(pod) else {
            return warning(
                of: .init(kind: "Pod", name: pod.metadata.name, uid: pod.metadata.uid), since: since, &draft)
        }
        // The scheduler says nothing either while a volume is being made for the pod.
        let claims = claims(of: spec, draft)
        if let trouble = warning(ofClaims: claims, since: since, &draft) { return trouble }
        let scheduler = spec.podTemplate?["spec"]?["schedulerName"]?.string ?? "default-scheduler"
        return (
            Reason.notScheduled,
            "pod \(pod.metadata.name) is not scheduled yet, and no scheduler says why; check that the scheduler "
                + "\"\(scheduler)\" is installed and runs\(named(claims, "; and that its volume claims are bound: "))",
            since
        )
    }

    // MARK: Volume claims

    /// The claims that the stage's pod mounts.
    private static func claims(of spec: StageSpec, _ draft: RunDraft) -> [String] {
        let own = draft.status.accepted?.pipeline.workspace == nil ? nil : draft.request.metadata
        let volumes = spec.podTemplate?["spec"]?["volumes"]?.array ?? []
        return [own.map { ObjectNames.workspaceClaim(of: $0) }].compactMap(\.self)
            + volumes.compactMap { $0["persistentVolumeClaim"]?["claimName"]?.string }
    }

    private static func named(_ claims: [String], _ introduction: String) -> String {
        claims.isEmpty ? "" : introduction + claims.prefix(4).joined(separator: ", ")
    }

    private static func warning(
        ofClaims claims: [String], since: Timestamp, _ draft: inout RunDraft
    ) -> (reason: String, message: String, since: Timestamp)? {
        for claim in claims.prefix(4) {
            let found = warning(
                of: .init(kind: Event.Reference.claim, name: claim), since: since, subject: "volume claim \(claim): ",
                &draft)
            if let found { return found }
        }
        return nil
    }

    // MARK: Pods that aren't there

    /// A Job that the API server has taken and whose pod it refuses: only the Job's events say why.
    private static func readMissingPod(of job: Job, _ stage: inout StageStatus, _ draft: inout RunDraft) {
        guard let since = draft.since(job.metadata) else { return }
        let found = warning(
            of: .init(kind: "Job", name: job.metadata.name, uid: job.metadata.uid), since: since, &draft)
        if let found {
            (stage.reason, stage.message) = (found.reason, found.message)
        } else if stage.removalSeen == nil, draft.observed.obstacles[job.metadata.uid] != nil {
            stage.reason = Reason.noPod
            stage.message =
                "its Job \(job.metadata.name) has no pod, and no event says why; see "
                + "kubectl describe job -n \(job.metadata.namespace) \(job.metadata.name)"
        }
    }

    /// Whether the Job itself is about to say that it has failed: it has taken its pods away, and what was said of them stays.
    /// Before 1.31 nothing announces that its time is over.
    private static func isOver(_ job: Job, _ spec: StageSpec, _ draft: RunDraft) -> Bool {
        isAnnounced(job) || deadline(of: job, spec).map { $0 <= draft.now } ?? false
    }

    private static func isAnnounced(_ job: Job) -> Bool {
        job.status?.conditions?.contains { $0.type == "FailureTarget" && $0.isTrue } ?? false
    }

    private static func deadline(of job: Job, _ spec: StageSpec) -> Timestamp? {
        let start = job.status?.startTime ?? job.metadata.creationTimestamp
        return start.flatMap { start in spec.timeout.map { start.adding($0.seconds) } }
    }

    /// What somebody else does to the stage's last pod; nil where the Job itself ends it.
    private static func removal(of pods: [Pod], _ job: Job, _ spec: StageSpec) -> (reason: String, message: String)? {
        guard !isAnnounced(job) else { return nil }
        // Before 1.31 nothing announces that the Job's time is over; its pods are deleted first.
        let deadline = deadline(of: job, spec)
        return pods.lazy.filter { pod in
            // What has succeeded may be deleted.
            guard pod.status?.phase != "Succeeded" else { return false }
            guard let deadline, let deletion = pod.metadata.deletionTimestamp else { return true }
            return deletion < deadline
        }
        .compactMap(PodDiagnosis.removal).first
    }

    /// Before Kubernetes 1.28 a Job replaces a deleted pod at once, while that still stops.
    private static func overlap(_ live: [Pod], _ pods: [Pod]) -> (reason: String?, message: String?)? {
        guard let other = live.first(where: { $0.status?.phase == "Running" }),
            let stopping = pods.first(where: { $0.metadata.isDeleting && $0.status?.phase == "Running" })
        else { return nil }
        return (
            Reason.podDeleted,
            "two pods run at once: \(stopping.metadata.name), deleted by someone else, is still stopping while "
                + "\(other.metadata.name) runs in its place, since this cluster knows no podReplacementPolicy"
        )
    }

    // MARK: Events

    /// What the object's events say, which are read when it has not come on for a while, and then less and less often.
    private static func warning(
        of object: Event.Reference, since: Timestamp, subject: String = "", _ draft: inout RunDraft
    ) -> (reason: String, message: String, since: Timestamp)? {
        let known = draft.observed.obstacles[object.id]
        let readAt =
            known.map {
                // Not in the future, where the clock was set back.
                min($0.readAt, draft.now).adding(min(PodDiagnosis.patience << min(Int64($0.reads), 10), longestPause))
            }
            ?? since.adding(PodDiagnosis.patience)
        if readAt <= draft.now {
            draft.actions.append(.readEvents(of: object))
            draft.wake(at: draft.now.adding(1))
        } else {
            draft.wake(at: readAt)
        }
        guard let warning = known?.warning else { return nil }
        return (warning.reason, "\(warning.reason): \(subject)\(warning.message.head(bytes: 1024))", since)
    }

    /// Seconds between two looks at the same object's events.
    private static let longestPause: Int64 = 300
}

extension StageStatus {
    /// What was said of a pod of it that was being taken away.
    var removalSeen: (reason: String, message: String)? {
        guard let reason, let message, message.hasPrefix("\(reason): pod ") else { return nil }
        // A scheduler's words may begin with a pod, too.
        guard reason == Reason.podDeleted || message.contains(PodDiagnosis.takenAway) else { return nil }
        return (reason, message)
    }
}
