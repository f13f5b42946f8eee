import KubernetesModel
import ReportAPI

/// A pipeline may expect rows: a run of it that publishes none fails, though all of its stages succeeded.
extension RunPlanner {
    /// Ends a run all of whose stages have succeeded, as soon as it is known that it has brought what its pipeline expects.
    static func succeed(_ run: AcceptedRun, _ draft: inout RunDraft) {
        let count = draft.status.stages?.count ?? 0
        let done = count == 1 ? "the only stage succeeded" : "all \(count) stages succeeded"
        guard run.pipeline.expect?.rows == true else {
            return draft.end(.succeeded, reason: Reason.completed, message: done)
        }
        switch draft.observed.published {
        case .rows(1...):
            draft.end(.succeeded, reason: Reason.completed, message: done)
        case .rows:
            draft.end(
                .failed, reason: Reason.noRows,
                message: "\(done), and no rows were published, which its pipeline expects (expect.rows); see what the "
                    + "stages printed, or raise spec.attempt to run all of them again")
        case .unread where draft.observed.record != .notConfigured:
            draft.actions.append(.readPublished)
            draft.explain(Reason.checkingRows, "\(done); its published rows are being counted")
            keepWaiting(run, &draft)
        case .asked:
            draft.explain(Reason.checkingRows, "\(done); its published rows are being counted")
            keepWaiting(run, &draft)
        case .unavailable(let trouble):
            waitForStore(trouble, done, run, &draft)
        case .unread:
            waitForStore("the operator runs without MongoDB now", done, run, &draft)
        }
    }

    /// Why a run can't be accepted by an operator that can't see its rows; nil where it can.
    static func unmetExpectation(_ run: AcceptedRun, _ draft: RunDraft) -> String? {
        guard run.pipeline.expect?.rows == true, draft.observed.record == .notConfigured else { return nil }
        return "expect.rows: true needs the MongoDB that rows are published to, and this operator runs without one; "
            + "take it out of the pipeline, or give the operator its connection string"
    }

    /// Only the run's own time limit ends that wait: its work is done, and what it came to isn't lost.
    private static func waitForStore(
        _ trouble: String, _ done: String, _ run: AcceptedRun, _ draft: inout RunDraft
    ) {
        let text = "\(done); whether it published rows can't be read"
        if let timeout = run.pipeline.timeout, let startedAt = draft.status.startedAt,
            draft.now >= startedAt.adding(timeout.seconds)
        {
            return draft.end(
                .failed, reason: Reason.timedOut,
                message: "\(text), and its time (\(timeout)) is over: \(trouble); raise spec.attempt to look again")
        }
        draft.explain(Reason.storeUnavailable, "\(text) yet, and is tried again: \(trouble)")
        keepWaiting(run, &draft)
    }

    private static func keepWaiting(_ run: AcceptedRun, _ draft: inout RunDraft) {
        if let group = draft.sharedGroup { _ = keepSharedLock(group, &draft) }
        wakeAtTimeout(run, &draft)
    }
}
