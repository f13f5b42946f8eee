public import KubernetesModel

/// What happened to a request. Written by the operator alone, one patch a pass.
public struct ReportRequestStatus: Codable, Hashable, Sendable {
    public enum Phase: String, Codable, Sendable, CaseIterable {
        case queued = "Queued"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case cancelling = "Cancelling"
        case cancelled = "Cancelled"
    }

    /// The value of `pipelineName` where the request brings its pipeline itself; no pipeline can have that name.
    public static let inlinePipelineName = "(inline)"

    public var observedGeneration: Int64?
    /// The report's id: the request's uid; of one that was restored and has not run since, that of the request it is a copy of.
    public var reportID: String?
    public var phase: Phase?
    /// CamelCase and stable, for programs; one of `Reason`.
    public var reason: String?
    /// What goes on and what to do next, for people.
    public var message: String?
    /// What was changed in the spec and counts for nothing, such as `ignored: spec.attempt 2, since …`; `message` ends with it.
    public var ignoredChange: String?
    /// The pipeline's name, or `inlinePipelineName`: for the column.
    public var pipelineName: String?
    /// What the report is for, such as `2026-10`: for the column.
    public var period: String?
    /// The parameters, shortened, such as `period=2026-10, company=4711`: for the column. `accepted` has them whole.
    public var parameterSummary: String?
    /// Such as `2/5 transform`, or `2/5 transform: ImagePullBackOff` while that can't start: for the column.
    public var stage: String?
    public var attempt: Int?
    /// The phases that this attempt has come to, in order: what became of it can be told from here, however late.
    public var transitions: [PhaseTransition]?
    /// The number that tells this run's hold of the shared lock from every earlier one; only with scope `Shared`.
    public var fence: Int64?
    public var queuedAt: Timestamp?
    /// The resource version at which the operator first saw the request: the order of those made within one second.
    public var arrival: String?
    /// When this attempt's first stage started.
    public var startedAt: Timestamp?
    public var completedAt: Timestamp?
    /// When the source was read of what this attempt published; written once MongoDB has told, with `Recorded`.
    public var asOf: Timestamp?
    /// How long this attempt took, such as `1h12m`: written at its end, for the column.
    public var duration: String?
    /// When the workspace of a run that succeeded was deleted.
    public var workspaceDeletedAt: Timestamp?
    public var stages: [StageStatus]?
    public var previousAttempts: [PreviousAttempt]?
    public var conditions: [Condition]?
    /// What was agreed when the request was accepted; nothing later changes it.
    public var accepted: AcceptedRun?

    public init() {}

    public var isTerminal: Bool { phase?.isTerminal ?? false }
}

extension ReportRequestStatus.Phase {
    /// Whether the run is over.
    public var isTerminal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled: true
        case .queued, .running, .cancelling: false
        }
    }

    /// Whether a run in this phase takes one of its concurrency key's places.
    public var holdsSlot: Bool {
        switch self {
        case .running, .cancelling: true
        case .queued, .succeeded, .failed, .cancelled: false
        }
    }
}

/// That a run came to a phase.
public struct PhaseTransition: Codable, Hashable, Sendable {
    public var phase: ReportRequestStatus.Phase
    public var at: Timestamp
    public var reason: String?

    public init(phase: ReportRequestStatus.Phase, at: Timestamp, reason: String? = nil) {
        self.phase = phase
        self.at = at
        self.reason = reason
    }
}

/// What one stage came to.
public struct StageStatus: Codable, Hashable, Sendable {
    public enum Phase: String, Codable, Sendable, CaseIterable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case cancelled = "Cancelled"
        case skipped = "Skipped"
    }

    public var name: String
    public var phase: Phase
    /// The attempt in which it ran, or is to run.
    public var attempt: Int?
    /// Its Job's name, once there is one.
    public var job: String?
    /// That Job's uid, so that it is told from another one of its name.
    public var jobUID: String?
    public var startedAt: Timestamp?
    public var completedAt: Timestamp?
    public var exitCode: Int?
    public var reason: String?
    public var message: String?

    public init(name: String, phase: Phase = .pending, attempt: Int? = nil) {
        self.name = name
        self.phase = phase
        self.attempt = attempt
    }
}

/// How an attempt before this one ended.
public struct PreviousAttempt: Codable, Hashable, Sendable {
    public var attempt: Int
    public var phase: ReportRequestStatus.Phase
    public var reason: String?
    public var startedAt: Timestamp?
    public var completedAt: Timestamp?
    public var transitions: [PhaseTransition]?
    /// The stages that ran in it and did not succeed; those that did are still in the status.
    public var stages: [StageStatus]?

    public init(
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
public struct AcceptedRun: Codable, Hashable, Sendable {
    /// The pipeline's name; an inline pipeline has its request's.
    public var name: String
    public var pipeline: PipelineSpec
    /// Every parameter of the pipeline that has a value, in its canonical text.
    public var parameters: [String: String]
    /// What goes out at the end of each attempt. Nil where the operator made no deliveries then: this run never sends any.
    public var deliveries: [DeliverSpec]?
    /// How the requester is told that one of them has failed for good: by the default channel for mail, without files. Nil
    /// where there was none then, or no address.
    public var failureNotice: DeliverSpec?

    public init(
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
public enum RequestCondition: String, Sendable, CaseIterable {
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
    public func condition(_ type: RequestCondition) -> Condition? {
        conditions?.first { $0.type == type.rawValue }
    }

    /// The entry of the stage of that name, once the request is accepted.
    public func stage(_ name: String) -> StageStatus? { stages?.first { $0.name == name } }
}
