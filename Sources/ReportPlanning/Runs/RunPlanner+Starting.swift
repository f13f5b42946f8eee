import KubernetesModel
import ReportAPI

/// A stage that can't start ends with what keeps it from starting, so that it doesn't hold a place in its queue for as long as
/// a stage that runs may.
extension RunPlanner {
    /// Only while nothing of the newest pod has begun. Who holds a Job or a pod back on purpose, as queues of clusters do,
    /// lets it go in their own time.
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
        return live.compactMap { draft.since($0.metadata) }.max()
    }
}

extension Pod {
    /// Whether any container of it runs or has run.
    fileprivate var hasBegun: Bool {
        guard status?.phase ?? "Pending" == "Pending" else { return true }
        let containers = (status?.initContainerStatuses ?? []) + (status?.containerStatuses ?? [])
        return containers.contains { container in container.state.map { $0.waiting == nil } ?? false }
    }
}
