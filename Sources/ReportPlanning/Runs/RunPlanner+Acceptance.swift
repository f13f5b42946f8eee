import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// Seconds that a request waits for a pipeline that isn't there: things applied together arrive in any order.
    package static let pipelineGrace: Int64 = 60

    /// Resolves the pipeline once, checks everything, and pins what was agreed.
    static func acceptOrRefuse(_ draft: inout RunDraft) -> Answer {
        guard draft.status.accepted == nil else { return .next }
        draft.arrive()
        switch Acceptance.judge(
            draft.request, pipeline: draft.observed.pipeline, zoneFault: draft.observed.zoneFault)
        {
        case .accepted(let run):
            if let fault = unmetExpectation(run, draft) {
                draft.set(.accepted, false, reason: Reason.invalidSpec, message: fault)
                draft.end(.failed, reason: Reason.invalidSpec, message: fault)
                return .done
            }
            draft.status.accepted = draft.withDeliveries(run)
            draft.status.stages = run.pipeline.stages.map { StageStatus(name: $0.name, attempt: draft.attempt) }
            draft.setAccepted()
            return .next
        case .refused(let faults):
            let message = FaultList.text(faults)
            draft.set(.accepted, false, reason: Reason.invalidSpec, message: message)
            draft.end(.failed, reason: Reason.invalidSpec, message: message)
        case .pipelineMissing(let name):
            wait(for: name, &draft)
        }
        return .done
    }

    private static func wait(for pipeline: String, _ draft: inout RunDraft) {
        let since = draft.status.queuedAt ?? draft.now
        let deadline = Timestamp(seconds: since.seconds + pipelineGrace)
        let place = "namespace \(draft.request.metadata.namespace)"
        if draft.now < deadline {
            let message = "there is no ReportPipeline \"\(pipeline)\" in \(place) yet; waiting until \(deadline)"
            draft.set(.accepted, false, reason: Reason.pipelineNotFound, message: message)
            draft.explain(Reason.pipelineNotFound, message)
            draft.wake(at: deadline)
        } else {
            let message =
                "there is no ReportPipeline \"\(pipeline)\" in \(place); "
                + "see kubectl get reportpipelines -n \(draft.request.metadata.namespace), then raise spec.attempt"
            draft.set(.accepted, false, reason: Reason.pipelineNotFound, message: message)
            draft.end(.failed, reason: Reason.pipelineNotFound, message: message)
        }
    }
}
