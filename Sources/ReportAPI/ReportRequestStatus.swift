package import KubernetesModel

/// What happened to a request. Written by the operator alone, one patch a pass.
package struct ReportRequestStatus: Codable, Hashable, Sendable {
    package enum Phase: String, Codable, Sendable, CaseIterable {
        case queued = "Queued"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case cancelling = "Cancelling"
        case cancelled = "Cancelled"
    }

    /// What stands in `pipelineName` where the request brings its pipeline itself; no pipeline can have that name.
    package static let inlinePipelineName = "(inline)"

    package var observedGeneration: Int64?
    /// The report's id: the request's uid; of one that was restored and has not run since, that of the request it is a copy of.
    package var reportID: String?
    package var phase: Phase?
    /// CamelCase and stable, for programs; one of `Reason`.
    package var reason: String?
    /// What goes on and what to do next, for people.
    package var message: String?
    /// What was changed in the spec and counts for nothing, such as `ignored: spec.attempt 2, since …`; `message` ends with it.
    package var ignoredChange: String?
    /// The pipeline's name, or `inlinePipelineName`: for the column.
    package var pipelineName: String?
    /// What the report is for, such as `2026-10`: for the column.
    package var period: String?
    /// The parameters, shortened, such as `period=2026-10, company=4711`: for the column. `accepted` has them whole.
    package var parameterSummary: String?
    /// Such as `2/5 transform`, or `2/5 transform: ImagePullBackOff` while that can't start: for the column.
    package var stage: String?
    package var attempt: Int?
    /// The phases that this attempt has come to, in order: what became of it can be told from here, however late.
    package var transitions: [PhaseTransition]?
    /// The number that tells this run's hold of the shared lock from every earlier one; only with scope `Shared`.
    package var fence: Int64?
    package var queuedAt: Timestamp?
    /// The resource version at which the operator first saw the request: the order of those made within one second.
    package var arrival: String?
    /// When this attempt's first stage started.
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    /// When the source was read of what this attempt published; written once MongoDB has told, with `Recorded`.
    package var asOf: Timestamp?
    /// How long this attempt took, such as `1h12m`: written at its end, for the column.
    package var duration: String?
    /// When the workspace of a run that succeeded was deleted.
    package var workspaceDeletedAt: Timestamp?
    package var stages: [StageStatus]?
    package var previousAttempts: [PreviousAttempt]?
    package var conditions: [Condition]?
    /// What was agreed when the request was accepted; nothing later changes it.
    package var accepted: AcceptedRun?

    package init() {}

    package var isTerminal: Bool { phase?.isTerminal ?? false }

    /// Whether it says that everything is stored outside the cluster.
    package var isRecorded: Bool {
        condition(.recorded)?.isTrue ?? false
    }
}

extension ReportRequestStatus.Phase {
    /// Whether the run is over.
    package var isTerminal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled: true
        case .queued, .running, .cancelling: false
        }
    }

    /// Whether a run in this phase takes one of its concurrency key's places.
    package var holdsSlot: Bool {
        switch self {
        case .running, .cancelling: true
        case .queued, .succeeded, .failed, .cancelled: false
        }
    }
}

/// That a run came to a phase.
package struct PhaseTransition: Codable, Hashable, Sendable {
    package var phase: ReportRequestStatus.Phase
    package var at: Timestamp
    package var reason: String?

    package init(phase: ReportRequestStatus.Phase, at: Timestamp, reason: String? = nil) {
        self.phase = phase
        self.at = at
        self.reason = reason
    }
}

/// What one stage came to.
package struct StageStatus: Codable, Hashable, Sendable {
    package enum Phase: String, Codable, Sendable, CaseIterable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case cancelled = "Cancelled"
        case skipped = "Skipped"
    }

    package var name: String
    package var phase: Phase
    /// The attempt in which it ran, or is to run.
    package var attempt: Int?
    /// Its Job's name, once there is one.
    package var job: String?
    /// That Job's uid, so that it is told from another one of its name.
    package var jobUID: String?
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    package var exitCode: Int?
    package var reason: String?
    package var message: String?

    package init(name: String, phase: Phase = .pending, attempt: Int? = nil) {
        self.name = name
        self.phase = phase
        self.attempt = attempt
    }
}

/// How an attempt before this one ended.
package struct PreviousAttempt: Codable, Hashable, Sendable {
    package var attempt: Int
    package var phase: ReportRequestStatus.Phase
    package var reason: String?
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    package var transitions: [PhaseTransition]?
    /// The stages that ran in it and did not succeed; those that did stand in the status still.
    package var stages: [StageStatus]?

    package init(
        attempt: Int,
        phase: ReportRequestStatus.Phase,
        reason: String?,
        startedAt: Timestamp?,
        completedAt: Timestamp?,
        transitions: [PhaseTransition]? = nil,
        stages: [StageStatus]? = nil
    ) {
        self.attempt = attempt
        self.phase = phase
        self.reason = reason
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.transitions = transitions
        self.stages = stages
    }
}

/// The pipeline and the parameters as they were when the request was accepted.
package struct AcceptedRun: Codable, Hashable, Sendable {
    /// The pipeline's name; an inline pipeline goes by its request's.
    package var name: String
    package var pipeline: PipelineSpec
    /// Every parameter of the pipeline that has a value, in its canonical text.
    package var parameters: [String: String]
    /// What goes out at the end of each attempt. Nil where the operator made no deliveries then: this run never sends any.
    package var deliveries: [DeliverSpec]?
    /// How the requester is told that one of them has failed for good: by the default channel for mail, without files. Nil
    /// where there was none then, or no address.
    package var failureNotice: DeliverSpec?

    package init(
        name: String, pipeline: PipelineSpec, parameters: [String: String], deliveries: [DeliverSpec]? = nil,
        failureNotice: DeliverSpec? = nil
    ) {
        self.name = name
        self.pipeline = pipeline
        self.parameters = parameters
        self.deliveries = deliveries
        self.failureNotice = failureNotice
    }
}

/// The types of a request's conditions.
package enum RequestCondition: String, Sendable, CaseIterable {
    case accepted = "Accepted"
    /// As a Job has it, so that `kubectl wait --for=condition=Complete` does what people expect.
    case complete = "Complete"
    /// Of a cancelled run too.
    case failed = "Failed"
    case recorded = "Recorded"
    /// What became of the deliveries of the newest attempt; absent where there are none.
    case delivered = "Delivered"
}

extension ReportRequestStatus {
    /// The condition of that type, where there is one.
    package func condition(_ type: RequestCondition) -> Condition? {
        conditions?.first { $0.type == type.rawValue }
    }

    /// The entry of the stage of that name, once the request is accepted.
    package func stage(_ name: String) -> StageStatus? { stages?.first { $0.name == name } }
}
