import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// Whether a pipeline of the request's own may be run in its namespace. Checked at acceptance and again for each later
    /// attempt; what has been accepted and waits or runs goes on whatever becomes of the namespace.
    static func checkInlinePipeline(_ draft: inout RunDraft) -> Answer {
        guard draft.bringsPipeline, draft.status.accepted == nil || draft.isResuming || draft.isDoubted else {
            return .next
        }
        let namespace = draft.request.metadata.namespace
        guard
            let obstacle = draft.observed.inlinePipelines.obstacle(field: "spec.pipeline", namespace: namespace)
        else {
            if draft.status.accepted != nil { draft.setAccepted() }
            return .next
        }
        draft.arrive()
        // A new attempt is Queued before it ends, so that whoever follows the run sees it begin.
        guard obstacle.isFinal, !draft.isResuming else {
            draft.set(.accepted, false, reason: obstacle.reason, message: obstacle.message)
            draft.explain(obstacle.reason, obstacle.message)
            return .done
        }
        let message = "\(obstacle.message); nothing was run"
        draft.set(.accepted, false, reason: obstacle.reason, message: message)
        draft.status.stages = draft.status.stages?.map { stage in
            var stage = stage
            if stage.phase == .pending { (stage.phase, stage.reason) = (.skipped, obstacle.reason) }
            return stage
        }
        draft.end(.failed, reason: obstacle.reason, message: message)
        return .done
    }
}

extension RunDraft {
    /// Whether the pipeline is the request's own. What was pinned counts, since a spec can be edited.
    var bringsPipeline: Bool {
        if status.accepted != nil { return status.pipelineName == ReportRequestStatus.inlinePipelineName }
        return request.spec.value.map { $0.pipeline != nil && $0.pipelineRef == nil } ?? false
    }

    /// Whether this plan begins another attempt of a run that was accepted before.
    var isResuming: Bool { status.phase == .queued && request.status?.isTerminal == true }

    /// Whether it was said of a retry that its pipeline may not be run, or that this isn't known.
    fileprivate var isDoubted: Bool {
        status.phase == .queued && status.condition(.accepted)?.status == "False"
    }

    /// A retry has to wait until it is known whether its pipeline may be run; what it was stays meanwhile.
    mutating func waitsToResume() -> Bool {
        guard status.accepted != nil, bringsPipeline, case .undecided = observed.inlinePipelines,
            let obstacle = observed.inlinePipelines.obstacle(
                field: "spec.pipeline", namespace: request.metadata.namespace)
        else { return false }
        set(.accepted, false, reason: obstacle.reason, message: obstacle.message)
        return true
    }

    /// Gives a request that is seen for the first time its beginning.
    mutating func arrive() {
        guard status.phase == nil else { return }
        status.phase = .queued
        status.attempt = wantedAttempt
        status.queuedAt = now
        status.arrival = observed.arrival
    }

    mutating func setAccepted() {
        set(
            .accepted, true, reason: Reason.accepted,
            message: "pipeline and parameters are fixed; later edits of either don't touch this run")
    }
}
