import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// A run starts when its concurrency group has a place for it and nobody waits before it.
    ///
    /// What a waiter's status says doesn't depend on the others, so that one run's end rewrites no other's status.
    static func waitForTurn(_ draft: inout RunDraft) -> Answer {
        guard draft.status.phase == .queued, let run = draft.status.accepted else { return .next }
        let group = ConcurrencyGroup(namespace: draft.request.metadata.namespace, run: run)
        let isShared = group.scope == .shared
        let queue = draft.observed.queue
        // The run that holds the shared lock is first: a request that arrived earlier would only wait for it anyway.
        guard queue.holders + queue.waitingAhead < group.limit || (isShared && draft.holdsLock) else {
            if isShared { leaveLine(group, &draft) }
            draft.explain(
                Reason.waitingForTurn,
                "waits for its turn: at most \(group.limit) at once of concurrency key \"\(group.key)\""
                    + unreadable(queue))
            return .done
        }
        guard !isShared || takeSharedLock(group, &draft) else { return .done }
        draft.status.phase = .running
        draft.explain(Reason.accepted, "accepted; the first stage is about to start")
        // The start is stored before the first Job is made, so that no restart can give the place away twice. The
        // write's own event brings the next pass.
        return .done
    }

    private static func unreadable(_ queue: ObservedRun.Queue) -> String {
        guard let first = queue.unreadable.first else { return "" }
        let others = queue.unreadable.count > 1 ? " and \(queue.unreadable.count - 1) more" : ""
        return "; reportrequest \"\(first)\"\(others) has a place and can't be read: repair or delete it "
            + "(kubectl describe reportrequest \(first) shows what is wrong)"
    }
}
