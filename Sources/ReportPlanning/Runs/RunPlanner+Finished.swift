import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// A finished run stays as it is, until its time is over or a new attempt is asked for.
    static func keepTerminalRun(_ draft: inout RunDraft) -> Answer {
        guard draft.status.isTerminal, !isResumable(draft) else { return .next }
        // One whose creation was answered so late that the run had ended without it.
        draft.actions = draft.observed.jobs
            .filter { !$0.isFinished && !$0.metadata.isDeleting && !$0.isSpent(by: draft.observed.pods) }
            .map { .deleteJob(name: $0.metadata.name, uid: $0.metadata.uid) }
        guard draft.actions.isEmpty else { return .done }
        let mayGo = deliver(&draft)
        guard !letGo(&draft, unlessHeld: !mayGo) else { return .done }
        letWorkspaceGo(&draft)
        if mayGo { expire(&draft) }
        return .done
    }

    /// Deletes what is over once its time to live has passed.
    static func expire(_ draft: inout RunDraft) {
        if let ttl = draft.request.spec.value?.ttlSecondsAfterFinished, let end = draft.status.completedAt,
            !draft.request.metadata.isDeleting
        {
            let due = Timestamp(seconds: end.seconds + Int64(max(0, ttl)))
            if due <= draft.now, draft.observed.isUntold {
                // Nobody else knows its end yet; it goes when that is told.
                draft.wake(at: Timestamp(seconds: draft.now.seconds + patienceUntilTold))
            } else if due <= draft.now {
                draft.actions.append(.deleteRequest)
            } else {
                draft.wake(at: due)
            }
        }
    }

    /// Seconds that the workspace of a run which succeeded stays, where its pipeline doesn't say.
    private static let workspaceKeep: Int64 = 24 * 3600

    /// Only a run that succeeded is never resumed, so only its workspace is of use to nobody but people.
    private static func letWorkspaceGo(_ draft: inout RunDraft) {
        guard draft.status.phase == .succeeded, !draft.request.metadata.isDeleting,
            let workspace = draft.status.accepted?.pipeline.workspace, draft.status.workspaceDeletedAt == nil,
            let end = draft.status.completedAt
        else { return }
        let due = Timestamp(seconds: end.seconds + (workspace.keep?.seconds ?? workspaceKeep))
        guard due <= draft.now else { return draft.wake(at: due) }
        draft.actions.append(
            .deleteWorkspaceClaim(name: ObjectNames.workspaceClaim(of: draft.request.metadata)))
        draft.status.workspaceDeletedAt = draft.now
    }

    /// Seconds after which it is looked at again whether the end was told.
    private static let patienceUntilTold: Int64 = 30

    /// A raised `spec.attempt` resumes a run that failed or was cancelled, at the first stage that didn't succeed; at the
    /// first of all where all succeeded and published nothing.
    static func resumeWithNewAttempt(_ draft: inout RunDraft) -> Answer {
        guard draft.status.isTerminal, let phase = draft.status.phase else { return .next }
        guard !draft.status.isRestored else { return beginAnew(&draft) }
        guard !draft.waitsToResume() else { return .done }
        // Where nothing was published all of them succeeded, and it takes all of them to publish something.
        let isWhole = draft.status.reason == Reason.noRows
        // Their entries are about to be recreated, and what became of them is to be told all the same.
        let stopped = (draft.status.stages ?? []).filter { $0.job != nil && ($0.phase != .succeeded || isWhole) }
        let earlier = PreviousAttempt(
            attempt: draft.attempt,
            phase: phase,
            reason: draft.status.reason,
            startedAt: draft.status.startedAt,
            completedAt: draft.status.completedAt,
            transitions: draft.status.transitions,
            stages: stopped.isEmpty ? nil : stopped)
        let phaseReason = draft.status.reason
        let attempt = draft.wantedAttempt
        draft.status.previousAttempts = (draft.status.previousAttempts ?? []) + [earlier]
        draft.status.attempt = attempt
        draft.status.phase = .queued
        draft.status.transitions = nil
        draft.status.fence = nil
        draft.status.queuedAt = draft.now
        draft.status.startedAt = nil
        draft.status.completedAt = nil
        draft.status.duration = nil
        draft.status.asOf = nil
        draft.clear(.complete, .failed, .delivered)
        if draft.status.accepted?.pipeline.stages.isEmpty == true || phaseReason == Reason.statusBroken {
            // Nothing to go by: it is accepted again.
            draft.status.accepted = nil
            draft.status.stages = nil
        }
        draft.status.stages = draft.status.stages?.map { stage in
            stage.phase == .succeeded && !isWhole ? stage : StageStatus(name: stage.name, attempt: attempt)
        }
        return .next
    }

    static func isResumable(_ draft: RunDraft) -> Bool {
        guard draft.status.phase != .succeeded || draft.status.isRestored, draft.wantedAttempt > draft.attempt else {
            return false
        }
        return draft.request.spec.value?.cancel != true && !draft.request.metadata.isDeleting
    }
}
