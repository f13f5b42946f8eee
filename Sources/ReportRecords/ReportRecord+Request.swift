internal import FoundationEssentials
internal import KubernetesModel
public import ReportAPI

extension ReportRecord {
    /// What there is to record of a request: a function of it alone, and of where it was made.
    public init(_ request: ReportRequest, origin: RecordOrigin = .unknown) {
        let metadata = request.metadata
        let spec = request.spec.value
        let status = request.status
        self.init(
            uid: metadata.uid,
            namespace: metadata.namespace,
            name: metadata.name,
            requester: spec?.requester,
            schedule: request.scheduleName,
            pipeline: request.pipelineLabel,
            pinned: (status?.accepted?.pipeline).map(PinnedPipeline.spec),
            parameters: status?.accepted?.parameters ?? spec?.parameters.map(Self.asked),
            deliveries: status?.accepted?.deliveries?.map(PinnedDelivery.init),
            failureNotice: (status?.accepted?.failureNotice).map(PinnedDelivery.init),
            formats: spec?.output?.formats,
            priority: spec?.priority ?? 0,
            // One that nobody has looked at waits.
            phase: status?.phase ?? .queued,
            reason: status?.reason,
            message: status?.runExplanation,
            attempt: status?.attempt ?? 1,
            stages: status?.stages?.map(Stage.init),
            previousAttempts: status?.previousAttempts?.map(Attempt.init),
            createdAt: (metadata.creationTimestamp ?? status?.queuedAt ?? Timestamp(seconds: 0)).date,
            queuedAt: status?.queuedAt?.date,
            startedAt: status?.startedAt?.date,
            completedAt: status?.completedAt?.date,
            deletedAt: metadata.deletionTimestamp?.date,
            generation: metadata.generation,
            resourceVersion: metadata.resourceVersion,
            versionOrder: Self.order(of: metadata.resourceVersion),
            progress: Self.progress(of: status)
        )
        self.origin = origin
    }

    /// Parameters that nobody has checked: their names may hold what BSON has no form for.
    private static func asked(_ parameters: JSONObject) -> [String: String] {
        let pairs = parameters.map { name, value in
            (String(name.map { $0 == "\0" ? "\u{FFFD}" : $0 }), value.asParameter)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Rises whenever the run comes further: attempt, then phase, then transitions, then what the stages came to.
    ///
    /// The phase comes before the number of transitions, since a status from before there were transitions has none.
    static func progress(of status: ReportRequestStatus?) -> Int64 {
        guard let status, let phase = status.phase else { return 0 }
        let stages = (status.stages ?? []).map(\.phase.progress).reduce(0, +)
        return Int64(clamping: min(max(status.attempt ?? 1, 0), 1 << 20)) << 40
            | phase.progress << 36
            | Int64(min(status.transitions?.count ?? 0, 255)) << 28
            | min(stages, 1 << 27)
    }

    /// A text that sorts as `ResourceVersion` does: its length first. Empty for what isn't a version.
    static func order(of resourceVersion: String) -> String {
        guard ResourceVersion.isOlder("", than: resourceVersion) else { return "" }
        let length = String(resourceVersion.utf8.count)
        return (length.utf8.count < 2 ? "0" : "") + length + ":" + resourceVersion
    }
}

extension ReportRecord.Stage {
    init(_ stage: StageStatus) {
        self.init(
            name: stage.name, phase: stage.phase, attempt: stage.attempt, job: stage.job,
            startedAt: stage.startedAt?.date, completedAt: stage.completedAt?.date, exitCode: stage.exitCode,
            reason: stage.reason, message: stage.message)
    }
}

extension ReportRecord.Attempt {
    init(_ attempt: PreviousAttempt) {
        self.init(
            attempt: attempt.attempt, phase: attempt.phase, reason: attempt.reason,
            startedAt: attempt.startedAt?.date, completedAt: attempt.completedAt?.date,
            stages: attempt.stages?.map(ReportRecord.Stage.init))
    }
}

extension ReportRequest {
    /// The pipeline's name as shown in the column. From the spec, which doesn't change, so that it is the same at
    /// any time; from the status where the spec can't be read.
    var pipelineLabel: String? {
        guard let spec = spec.value else { return status?.pipelineName }
        return spec.pipelineRef?.name ?? ReportRequestStatus.inlinePipelineName
    }
}

extension ReportRequestStatus.Phase {
    fileprivate var progress: Int64 {
        switch self {
        case .queued: 1
        case .running: 2
        case .cancelling: 3
        case .succeeded, .failed, .cancelled: 4
        }
    }
}

extension StageStatus.Phase {
    fileprivate var progress: Int64 {
        switch self {
        case .pending: 0
        case .running: 1
        case .succeeded, .failed, .cancelled, .skipped: 2
        }
    }
}

extension JSONValue {
    fileprivate var asParameter: String { string ?? String(decoding: jsonText, as: UTF8.self) }
}
