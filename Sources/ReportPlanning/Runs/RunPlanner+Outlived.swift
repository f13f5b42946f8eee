import KubernetesModel
import ReportAPI

/// Stages whose program has ended in a pod that goes on, such as beside a service mesh's proxy.
extension RunPlanner {
    /// Seconds that the other containers of a pod have to end by themselves after the stage's own.
    private static let sidecarGrace: Int64 = 10

    /// The stage's own exit code is told at once and decides. Others get a moment to end by themselves, as then nobody has to
    /// stop anything.
    /// - Returns: whether there is such a pod.
    static func readOutlived(
        _ pods: [Pod], _ stage: inout StageStatus, _ spec: StageSpec, _ draft: inout RunDraft
    ) -> Bool {
        guard let pod = pods.first(where: { PodDiagnosis.outlived($0) != nil }),
            let (own, others) = PodDiagnosis.outlived(pod)
        else { return false }
        let names = (others.count == 1 ? "container " : "containers ") + StageColumn.brief(others)
        stage.exitCode = own.exitCode
        let stopAt = (draft.observed.seen[pod.metadata.seenEnding] ?? own.finishedAt ?? draft.now).adding(sidecarGrace)
        if draft.now < stopAt {
            stage.reason = Reason.otherContainersRun
            let goesOn = "\(names) of its pod still \(others.count == 1 ? "runs" : "run")"
            stage.message =
                "its program has ended (\(own.ending)), and \(goesOn)" + (own.said.isEmpty ? "" : ": \(own.said)")
            draft.wake(at: stopAt)
            return true
        }
        let end = own.finishedAt ?? draft.now
        stage.completedAt = max(end, stage.startedAt ?? end)
        if own.exitCode == 0 {
            stage.phase = .succeeded
            stage.reason = nil
            stage.message = nil
        } else {
            stage.phase = .failed
            stage.reason = own.reason
            // It would have been tried again, but a Job counts the pod when all of it has ended.
            let retries = spec.retries ?? 0 > 0 ? "; not tried again, since \(names) of its pod ran on" : ""
            stage.message = own.ending + retries + (own.said.isEmpty ? "" : ": \(own.said)")
        }
        return true
    }

    /// Ends the Jobs of stages that have succeeded by their own program while other containers of the pod go on. That
    /// they have is stored first, or a restart would take the deletion for somebody else's.
    /// - Returns: whether the run has to wait for it: nothing starts beside a pod that still has the workspace.
    static func stopOutlived(_ draft: inout RunDraft) -> Bool {
        let stages = draft.status.stages ?? []
        // A Job that merely isn't known to have ended yet is none of them: its pod says so.
        let lingering = draft.observed.jobs.filter { job in
            guard !job.isFinished,
                let stage = stages.first(where: { $0.phase == .succeeded && $0.job == job.metadata.name })
            else { return false }
            let pods = draft.observed.pods.filter { $0.belongs(to: stage) }
            // A second pod is there where somebody has taken the first away before its Job had counted it.
            let isReplaced = pods.contains { PodDiagnosis.success($0) != nil } && pods.contains { !$0.hasEnded }
            return job.metadata.isDeleting || isReplaced || pods.contains { PodDiagnosis.outlived($0) != nil }
        }
        guard !lingering.isEmpty, !stages.contains(where: { $0.phase == .failed }) else { return false }
        let stored = draft.request.status?.stages ?? []
        for job in lingering where !job.metadata.isDeleting {
            guard stored.contains(where: { $0.phase == .succeeded && $0.job == job.metadata.name }) else { continue }
            draft.actions.append(.deleteJob(name: job.metadata.name, uid: job.metadata.uid))
        }
        let names = stages.filter { stage in lingering.contains { $0.metadata.name == stage.job } }.map(\.name)
        draft.explain(
            Reason.stageRunning,
            "\(StageColumn.brief(names)) succeeded; the other containers of its pod are being stopped")
        return true
    }
}
