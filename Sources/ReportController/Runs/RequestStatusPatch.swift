import KubernetesModel
import ReportAPI

/// The merge patch that turns a request's status into another one.
///
/// It says every field, null where there is none, because a merge patch leaves alone what it doesn't name. Only what
/// was agreed at acceptance is left out where it is there already: it is most of a status, and never changes. The
/// resource version makes it fail when the decision rests on an object that has changed since.
struct RequestStatusPatch: Encodable, Sendable {
    let resourceVersion: String
    let status: ReportRequestStatus
    /// Also where it is taken back, as by a restored copy that runs again.
    let includesAccepted: Bool

    init(_ request: ReportRequest, to status: ReportRequestStatus) {
        resourceVersion = request.metadata.resourceVersion
        self.status = status
        includesAccepted = status.accepted != request.status?.accepted
    }

    private enum CodingKeys: String, CodingKey { case metadata, status }

    private enum MetadataKeys: String, CodingKey { case resourceVersion }

    private enum StatusKeys: String, CodingKey {
        case observedGeneration, reportID, phase, reason, message, ignoredChange, pipelineName, period, parameterSummary
        case stage, attempt, transitions, fence, queuedAt, arrival, startedAt, completedAt, asOf, duration,
            workspaceDeletedAt, stages
        case previousAttempts, conditions, accepted
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var metadata = container.nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        try metadata.encode(resourceVersion, forKey: .resourceVersion)
        var fields = container.nestedContainer(keyedBy: StatusKeys.self, forKey: .status)
        try fields.encode(status.observedGeneration, forKey: .observedGeneration)
        try fields.encode(status.reportID, forKey: .reportID)
        try fields.encode(status.phase, forKey: .phase)
        try fields.encode(status.reason, forKey: .reason)
        try fields.encode(status.message, forKey: .message)
        try fields.encode(status.ignoredChange, forKey: .ignoredChange)
        try fields.encode(status.pipelineName, forKey: .pipelineName)
        try fields.encode(status.period, forKey: .period)
        try fields.encode(status.parameterSummary, forKey: .parameterSummary)
        try fields.encode(status.stage, forKey: .stage)
        try fields.encode(status.attempt, forKey: .attempt)
        try fields.encode(status.transitions, forKey: .transitions)
        try fields.encode(status.fence, forKey: .fence)
        try fields.encode(status.queuedAt, forKey: .queuedAt)
        try fields.encode(status.arrival, forKey: .arrival)
        try fields.encode(status.startedAt, forKey: .startedAt)
        try fields.encode(status.completedAt, forKey: .completedAt)
        try fields.encode(status.asOf, forKey: .asOf)
        try fields.encode(status.duration, forKey: .duration)
        try fields.encode(status.workspaceDeletedAt, forKey: .workspaceDeletedAt)
        try fields.encode(status.stages, forKey: .stages)
        try fields.encode(status.previousAttempts, forKey: .previousAttempts)
        try fields.encode(status.conditions, forKey: .conditions)
        if includesAccepted { try fields.encode(status.accepted, forKey: .accepted) }
    }
}
