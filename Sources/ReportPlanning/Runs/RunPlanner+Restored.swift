import KubernetesModel
import ReportAPI

/// A request that came back with another uid: what it asked for was done already, under the old one.
extension RunPlanner {
    /// Ends a copy without running it, and lets it rest until another attempt is asked for.
    static func leaveRestored(_ draft: inout RunDraft) -> Answer {
        guard let report = draft.request.copiedReportID else { return .next }
        // They came along, and nothing has to be done for them before it may go.
        let brought = draft.request.metadata.finalizers
        let others = brought.filter { !ReportsAPI.Finalizer.all.contains($0) }
        if draft.status.isRestored, draft.status.reportID == report, isResumable(draft) {
            // From here on it is a request of its own; the rule that resumes makes a new run of it.
            draft.set(finalizers: others, marking: true)
        } else if others != brought {
            draft.set(finalizers: others)
        } else if draft.request.metadata.isDeleting {
            draft.leavesStatus = true
        } else {
            tell(report, &draft)
            expire(&draft)
        }
        return .done
    }

    /// Keeps what its status says where that came along; no run of another uid goes on here.
    private static func tell(_ report: String, _ draft: inout RunDraft) {
        guard !draft.status.isRestored || draft.status.reportID != report else { return }
        draft.status.reportID = report
        // A raise from before the backup is not one from after it.
        draft.status.attempt = max(draft.wantedAttempt, draft.attempt)
        draft.status.stages = draft.status.stages?.map { stage in
            var stage = stage
            switch stage.phase {
            case .pending: stage.phase = .skipped
            case .running: stage.phase = .cancelled
            case .succeeded, .failed, .cancelled, .skipped: return stage
            }
            stage.reason = Reason.restored
            stage.message = nil
            return stage
        }
        let message = restored(report, hasStore: draft.observed.record != .notConfigured)
        if draft.status.isTerminal {
            draft.explain(Reason.restored, message)
            draft.status.completedAt = draft.status.completedAt ?? draft.now
        } else {
            draft.clear(.complete, .failed)
            draft.end(.cancelled, reason: Reason.restored, message: message)
            draft.status.duration = nil
        }
    }

    /// A restored copy that is to run after all begins as a new request does: nothing that was made for the old uid is its.
    static func beginAnew(_ draft: inout RunDraft) -> Answer {
        draft.status = ReportRequestStatus()
        draft.status.reportID = draft.request.metadata.uid
        draft.arrive()
        // What was accepted for the old uid has to be out of the status before anything is accepted again.
        return draft.request.status?.accepted == nil ? .next : .done
    }

    private static func restored(_ report: String, hasStore: Bool) -> String {
        let history = hasStore ? "its history is in MongoDB: reportctl history \(report)" : "no history of it is kept"
        return "a restored copy of report \(report), which is not run again; \(history); to run it, raise spec.attempt"
    }
}
