import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// A run whose status is refused would go on for ever, and keep its place: it ends, and its status is as short as can be.
    static func endUnwritable(_ draft: inout RunDraft) -> Answer {
        guard let refusal = draft.statusRefusal, !draft.status.isTerminal else { return .next }
        if draft.status.phase == nil {
            draft.status.attempt = draft.wantedAttempt
            draft.status.queuedAt = draft.now
        }
        let cause = StopCause.statusRefused(refusal)
        if let run = draft.status.accepted {
            readStages(run, stopping: true, &draft)
            stop(cause, run, &draft)
        } else {
            draft.end(.failed, reason: reason(cause), message: unwritable(refusal))
        }
        return .done
    }

    static func unwritable(_ refusal: String) -> String {
        "the API server refused the run's status: \(refusal.head(bytes: 256)); "
            + "make the pipeline and its parameters smaller, then raise spec.attempt"
    }

    /// The pinned pipeline always has stages; one without was changed by somebody else. All none of them succeeding is no
    /// success.
    static func endBroken(_ draft: inout RunDraft) -> Answer {
        guard !draft.status.isTerminal, let run = draft.status.accepted, run.pipeline.stages.isEmpty else {
            return .next
        }
        stop(.statusBroken, run, &draft)
        return .done
    }

    static let broken =
        "status.accepted.pipeline.stages was emptied by something other than the operator; "
        + "raise spec.attempt to check the request and run it again"
}
