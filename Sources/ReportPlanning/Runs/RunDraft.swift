import KubernetesModel
import ReportAPI

/// A plan in the making: what is observed, the status as it is to be, and the actions before it.
struct RunDraft {
    let observed: ObservedRun
    let now: Timestamp
    var status: ReportRequestStatus
    var actions: [RunAction] = []
    var wakeAt: Timestamp?
    /// Whether nothing is written into the status by this plan.
    var leavesStatus = false

    init(_ observed: ObservedRun, now: Timestamp) {
        self.observed = observed
        self.now = now
        status = observed.request.status ?? ReportRequestStatus()
        repairPhase()
        alignStages()
    }

    /// A status without a phase, of a run that has had one, or with an end that nothing else in it tells of: somebody else
    /// wrote it. What came to pass last says which it is.
    private mutating func repairPhase() {
        if let phase = status.phase, phase.isTerminal, !status.isRestored, request.copiedReportID == nil,
            status.condition(phase == .succeeded ? .complete : .failed)?.isTrue != true,
            let last = status.transitions?.last?.phase, !last.isTerminal
        {
            status.phase = last
            status.completedAt = nil
            status.duration = nil
        }
        guard status.phase == nil else { return }
        if let last = status.transitions?.last {
            status.phase = last.phase
        } else if status.accepted != nil {
            status.phase = status.stages?.contains { $0.job != nil } ?? false ? .running : .queued
        }
    }

    /// Gives every stage of the pinned pipeline its entry, in the pipeline's order. They are so already, unless somebody
    /// else wrote the status; the rules index one list by the other.
    private mutating func alignStages() {
        guard let run = status.accepted else { return }
        repairJobs()
        let entries = status.stages ?? []
        guard !entries.lazy.map(\.name).elementsEqual(run.pipeline.stages.lazy.map(\.name)) else { return }
        status.stages = run.pipeline.stages.map { stage in
            entries.first { $0.name == stage.name } ?? StageStatus(name: stage.name, attempt: attempt)
        }
    }

    /// A stage that runs has a Job, and its name is one: what somebody else wrote in its place would never be found, nor missed.
    private mutating func repairJobs() {
        guard let stages = status.stages, stages.contains(where: \.lacksJobName) else { return }
        status.stages = stages.map { stage in
            guard stage.lacksJobName else { return stage }
            var stage = stage
            stage.job =
                stage.phase == .running
                ? ObjectNames.job(of: request.metadata, stage: stage.name, attempt: stage.attempt ?? attempt) : nil
            stage.jobUID = nil
            return stage
        }
    }

    var request: ReportRequest { observed.request }

    /// The attempt that is under way or was last.
    var attempt: Int { status.attempt ?? 1 }

    /// The attempt that is asked for.
    var wantedAttempt: Int { observed.request.spec.value?.attempt ?? 1 }

    /// What the API server said when it refused the last status, if it did.
    var statusRefusal: String? {
        if case .refused(let message) = observed.setbacks[ObservedRun.statusSetback] { message } else { nil }
    }

    mutating func wake(at time: Timestamp) {
        wakeAt = min(time, wakeAt ?? time)
    }

    mutating func explain(_ reason: String, _ message: String) {
        status.reason = reason
        status.message = message
    }

    /// Ends the attempt. Written once; only a new attempt changes it again.
    ///
    /// `brief`: what the condition says, where the message may be long.
    mutating func end(_ phase: ReportRequestStatus.Phase, reason: String, message: String, brief: String? = nil) {
        status.phase = phase
        explain(reason, message)
        status.completedAt = now
        if let startedAt = status.startedAt {
            status.duration = ReportDuration.format(seconds: max(0, now.seconds - startedAt.seconds))
        }
        switch phase {
        case .succeeded: set(.complete, true, reason: reason, message: brief ?? message)
        // To `kubectl wait` a cancelled run is a failed one.
        case .failed, .cancelled: set(.failed, true, reason: reason, message: brief ?? message)
        case .queued, .running, .cancelling: break
        }
    }

    /// The finished plan. A status that is up to date is not written again.
    func plan() -> RunPlan {
        var draft = self
        guard !leavesStatus, let phase = status.phase else { return RunPlan(actions: actions, wakeAt: wakeAt) }
        draft.complete(phase)
        if !draft.status.isRestored {
            draft.describeDeliveries()
            draft.describeRecord()
        }
        draft.status.say(ignored: IgnoredChange.text(of: request, draft.status))
        let status = statusRefusal != nil ? StatusBudget.minimal(draft.status) : StatusBudget.fit(draft.status)
        return RunPlan(actions: actions, status: status == request.status ? nil : status, wakeAt: draft.wakeAt)
    }

    /// Whether this plan begins another attempt. One that was never accepted is judged again, by a spec that may be edited
    /// where the API server doesn't know the definition's rules.
    private var isAnotherAttempt: Bool {
        request.status?.isTerminal == true && status.attempt != request.status?.attempt
    }

    /// What follows from the rest of the status.
    private mutating func complete(_ phase: ReportRequestStatus.Phase) {
        let isRepaired =
            status.transitions?.last?.phase == phase
            && (request.status?.phase == nil || request.status?.isTerminal == true && !phase.isTerminal)
        // Nothing has happened to a restored copy that anybody is to be told.
        if !isRepaired, !status.isRestored, phase != request.status?.phase || status.attempt != request.status?.attempt
        {
            let transition = PhaseTransition(phase: phase, at: now, reason: status.reason)
            status.transitions = (status.transitions ?? []).suffix(Self.maximumTransitions - 1) + [transition]
        }
        status.observedGeneration = request.metadata.generation
        // Also of a run that a release before this one began: by its id it is told from a copy, whatever becomes of the mark.
        if request.status?.isTerminal != true, status.reportID == nil { status.reportID = request.metadata.uid }
        status.stage = StageColumn.text(status)
        let isUnsettled = request.isOpen || (request.status?.accepted == nil && isAnotherAttempt)
        if isUnsettled {
            status.period = ParameterColumns.period(status.accepted)
            status.parameterSummary = ParameterColumns.summary(request, status.accepted)
        }
        if status.pipelineName == nil || isUnsettled {
            status.pipelineName = request.spec.value.flatMap {
                $0.pipeline == nil ? $0.pipelineRef?.name : ReportRequestStatus.inlinePipelineName
            }
        }
    }
}

extension StageStatus {
    fileprivate var lacksJobName: Bool { job.map { !NameForm.isSubdomain($0) } ?? (phase == .running) }
}

extension ReportRequest {
    /// Whether nothing has been agreed with it yet, so that what it asks for may still change.
    fileprivate var isOpen: Bool { status?.accepted == nil && !(status?.isTerminal ?? false) }
}

extension RunDraft {
    /// How many the schema takes.
    private static let maximumConditions = 64
    /// The same of transitions.
    static let maximumTransitions = 64

    /// Sets a condition; its transition time moves only when its status does.
    mutating func set(_ type: RequestCondition, _ holds: Bool, reason: String, message: String) {
        set(type, value: holds ? "True" : "False", reason: reason, message: message)
    }

    /// `value`: also `Unknown`.
    mutating func set(_ type: RequestCondition, value: String, reason: String, message: String) {
        var conditions = status.conditions ?? []
        let index = conditions.firstIndex { $0.type == type.rawValue }
        let since = index.flatMap { conditions[$0].status == value ? conditions[$0].lastTransitionTime : nil }
        let condition = Condition(
            type: type.rawValue,
            status: value,
            reason: reason,
            message: message,
            lastTransitionTime: since ?? now,
            observedGeneration: request.metadata.generation)
        if let index {
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        // Others' conditions give way to ours.
        while conditions.count > Self.maximumConditions,
            let foreign = conditions.firstIndex(where: { RequestCondition(rawValue: $0.type) == nil })
        {
            conditions.remove(at: foreign)
        }
        status.conditions = conditions
    }

    /// Takes back what an earlier attempt's end said.
    mutating func clear(_ types: RequestCondition...) {
        status.conditions?.removeAll { condition in types.contains { $0.rawValue == condition.type } }
    }
}
