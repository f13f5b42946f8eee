import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// A run starts when its concurrency group has a place for it and nobody waits before it.
    ///
    /// One run's end rewrites the status of the one that is next then, and of no other.
    static func waitForTurn(_ draft: inout RunDraft) -> Answer {
        guard draft.status.phase == .queued, let run = draft.status.accepted else { return .next }
        let group = ConcurrencyGroup(namespace: draft.request.metadata.namespace, run: run)
        let isShared = group.scope == .shared
        let queue = draft.observed.queue
        // The run that holds the shared lock is first: a request that arrived earlier would only wait for it anyway.
        guard queue.holders + queue.waitingAhead < group.limit || (isShared && draft.holdsLock) else {
            if isShared { leaveLine(group, &draft) }
            draft.explain(Reason.waitingForTurn, WaitingMessage.text(group, draft))
            return .done
        }
        guard !isShared || takeSharedLock(group, &draft) else { return .done }
        draft.status.phase = .running
        draft.explain(Reason.accepted, "accepted; the first stage is about to start")
        // The start is stored before the first Job is made, so that no restart can give the place away twice. The
        // write's own event brings the next pass.
        return .done
    }
}
