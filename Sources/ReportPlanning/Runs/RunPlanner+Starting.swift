import KubernetesModel
import ReportAPI

/// A stage that can't start ends with what keeps it from starting, so that it doesn't hold a place in its queue for as long as
/// a stage that runs may.
extension RunPlanner {
    /// Only while nothing of the newest pod has begun. Software that holds a Job or a pod back on purpose, as
    /// clusters' queues do, lets it go in its own time.
    static func failUnstarted(
        _ job: Job, _ live: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft,
        hasPods: Bool
    ) {
        guard stage.phase == .running, !job.isSuspended, let since = waitsSince(job, live, draft, hasPods: hasPods)
        else { return }
        let limit = spec.startTimeout?.seconds ?? StageSpec.defaultStartSeconds
        let deadline = since.adding(limit)
        guard deadline <= draft.now else { return draft.wake(at: deadline) }
        let cause =
            stage.message ?? "nothing says why; see kubectl describe pods -l \(ReportsAPI.Label.request)="
            + ObjectNames.label(draft.request.metadata.name)
        stage.phase = .failed
        stage.reason = stage.reason ?? Reason.notStarted
        stage.message = "it did not start within \(ReportDuration.format(seconds: limit)) (startTimeout): \(cause)"
        stage.completedAt = max(draft.now, stage.startedAt ?? draft.now)
    }

    /// From when on its pod has been waited for; nil where one has begun, or is held back on purpose.
    private static func waitsSince(_ job: Job, _ live: [Pod], _ draft: RunDraft, hasPods: Bool) -> Timestamp? {
        guard !live.isEmpty else {
            // A Job whose pods were there makes the next one in its own time.
            return hasPods || job.status?.failed ?? 0 > 0 ? nil : draft.since(job.metadata)
        }
        guard live.allSatisfy({ !$0.hasBegun && !PodDiagnosis.isGated($0) }) else { return nil }
        return live.compactMap { pod in draft.since(pod.metadata)?.adding(pod.secondsBeforeOwn) }.max()
    }
}

extension Pod {
    /// Whether the stage's own container runs or has run, or one before it does its work. What runs beside the stage, such as a
    /// mesh's proxy, isn't a beginning of it.
    fileprivate var hasBegun: Bool {
        guard status?.phase ?? "Pending" == "Pending" else { return true }
        let own = status?.containerStatuses?.first { $0.name == StageJob.containerName }
        if let state = own?.state, state.waiting == nil { return true }
        let before = status?.initContainerStatuses ?? []
        let runs = before.contains { $0.state.map { $0.waiting == nil && $0.terminated == nil } ?? false }
        // One that begins before the stage and goes on beside it runs, too, while the next one or the stage can't start.
        return runs && !(before + [own].compactMap(\.self)).contains { $0.isStuck }
    }

    /// How long what has ended before the stage's own container has taken, in seconds from the pod's creation, by the cluster's
    /// clock: the stage waits from then on.
    fileprivate var secondsBeforeOwn: Int64 {
        guard let created = metadata.creationTimestamp,
            let ended = (status?.initContainerStatuses ?? []).compactMap({ $0.state?.terminated?.finishedAt }).max()
        else { return 0 }
        return max(0, ended.seconds - created.seconds)
    }
}

extension Pod.ContainerStatus {
    /// Whether it waits for something else than those before it.
    fileprivate var isStuck: Bool {
        guard let waiting = state?.waiting else { return false }
        return waiting.reason ?? "PodInitializing" != "PodInitializing"
    }
}
