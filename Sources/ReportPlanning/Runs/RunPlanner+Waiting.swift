import KubernetesModel
import ReportAPI

/// Why a stage that has its Job doesn't run.
extension RunPlanner {
    /// It is shown once it has lasted, and worded anew only when the reason changes: the kubelet's and the scheduler's texts
    /// alternate.
    static func readWaiting(
        _ job: Job, _ pods: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft
    ) {
        guard let waiting = obstacle(job, pods, spec, &draft) else {
            stage.reason = nil
            stage.message = nil
            return
        }
        let showAt = Timestamp(seconds: waiting.since.seconds + PodDiagnosis.patience)
        guard showAt <= draft.now else {
            draft.wake(at: showAt)
            return
        }
        guard stage.reason != waiting.reason else { return }
        stage.reason = waiting.reason
        stage.message = waiting.message
    }

    private static func obstacle(
        _ job: Job, _ pods: [Pod], _ spec: StageSpec, _ draft: inout RunDraft
    ) -> (reason: String, message: String, since: Timestamp)? {
        if let waiting = pods.lazy.compactMap(PodDiagnosis.waiting).first { return waiting }
        if let suspended = job.status?.conditions?.first(where: { $0.type == "Suspended" && $0.isTrue }) {
            return (
                "JobSuspended",
                "its Job \(job.metadata.name) is suspended, which the operator never does; set its spec.suspend to false",
                suspended.lastTransitionTime ?? draft.now
            )
        }
        let live = pods.filter { !$0.hasEnded && !$0.metadata.isDeleting }
        guard let pod = live.first(where: { $0.status?.phase ?? "Pending" == "Pending" }) else {
            // Without any pod it may be that none could be made.
            guard live.isEmpty, pods.isEmpty else { return nil }
            return warning(of: "Job", job.metadata, &draft)
        }
        if PodDiagnosis.isOverlooked(pod), let since = pod.metadata.creationTimestamp {
            let scheduler = spec.podTemplate?["spec"]?["schedulerName"]?.string ?? "default-scheduler"
            return (
                "NotScheduled", "no scheduler has looked at its pod; does the scheduler \"\(scheduler)\" run?", since
            )
        }
        return warning(of: "Pod", pod.metadata, &draft)
    }

    /// What the object's events say, which are read when it has not come on for a while, and then ever more seldom.
    private static func warning(
        of kind: String, _ metadata: ObjectMeta, _ draft: inout RunDraft
    ) -> (reason: String, message: String, since: Timestamp)? {
        guard let since = metadata.creationTimestamp else { return nil }
        let known = draft.observed.obstacles[metadata.uid]
        let readAt =
            known.map { $0.readAt.seconds + min(PodDiagnosis.patience << min($0.reads, 10), longestPause) }
            ?? since.seconds + PodDiagnosis.patience
        if readAt <= draft.now.seconds {
            draft.actions.append(.readEvents(of: .init(kind: kind, name: metadata.name, uid: metadata.uid)))
            draft.wake(at: Timestamp(seconds: draft.now.seconds + 1))
        } else {
            draft.wake(at: Timestamp(seconds: readAt))
        }
        guard let warning = known?.warning else { return nil }
        return (warning.reason, "\(warning.reason): \(warning.message.head(bytes: 1024))", since)
    }

    /// Seconds between two looks at the same object's events.
    private static let longestPause: Int64 = 300
}
