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
        let words = refusal.head(bytes: 2048)
        let isTooLarge = ["too large", "larger than max", "Too long", "longer than", "at most"].contains {
            words.contains($0)
        }
        let cure =
            isTooLarge
            ? "make the pipeline and its parameters smaller"
            : "see what else writes into it with kubectl get reportrequest -o yaml --show-managed-fields"
        return "the API server refused the run's status: \(refusal.head(bytes: 256)); \(cure), then raise spec.attempt"
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

    static func broken(_ run: AcceptedRun) -> String {
        let what =
            run.pipeline.stages.isEmpty
            ? "status.accepted.pipeline.stages was emptied by something other than the operator"
            : "status was changed by something other than the operator, so that no stage of it can start"
        return "\(what); raise spec.attempt to check the request and run it again"
    }
}
