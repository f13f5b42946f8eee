package import FoundationEssentials
package import KubernetesModel
package import ReportAPI
import ReportPlanning
package import ReportRecords

/// A run of a report: as a resource, or as the record has it.
package struct RequestView: Hashable, Sendable, JSONWritable {
    /// The report's id.
    package var id: String
    package var namespace: String
    package var name: String
    /// Whether it is a resource still.
    package var isLive: Bool
    /// Its name, or `(inline)`.
    package var pipeline: String?
    package var title: String?
    package var requester: Person?
    /// The schedule that asked for it.
    package var schedule: String?
    package var parameters: [String: String]?
    package var formats: [String]?
    package var priority: Int
    package var ttlSecondsAfterFinished: Int?
    package var phase: ReportRequestStatus.Phase
    package var reason: String?
    package var message: String?
    /// Such as `2/5 transform`.
    package var stage: String?
    package var attempt: Int
    package var createdAt: Timestamp
    package var queuedAt: Timestamp?
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    /// When the source was read of what it has published; of a record it is with its result.
    package var asOf: Timestamp?
    package var deletedAt: Timestamp?
    package var stages: [StageView]?
    package var previousAttempts: [AttemptView]?
    package var place: Place?
    package var expectedEnd: Timestamp?
    /// Whether its end is on record.
    package var isRecorded: Bool?
    /// `True`, `False` or `Unknown`.
    package var delivered: String?
    package var resourceVersion: String?
    /// Of one that isn't a resource any more, where that is known: the uid of its cluster's namespace `kube-system`.
    package var cluster: String?
    /// What its cluster is called, where it has a name.
    package var clusterName: String?

    /// `title`: the pipeline's, where it isn't pinned yet. `clusterName`: of the cluster that has it. `place`: of one that
    /// waits.
    package init(
        _ request: ReportRequest, title: String? = nil, clusterName: String? = nil, place: Place? = nil,
        expectedEnd: Date? = nil
    ) {
        let (metadata, status) = (request.metadata, request.status)
        let spec = request.spec.value
        id = status?.reportID ?? metadata.uid
        namespace = metadata.namespace
        name = metadata.name
        isLive = true
        pipeline =
            spec.map { $0.pipelineRef?.name ?? ReportRequestStatus.inlinePipelineName } ?? status?.pipelineName
        self.title = status?.accepted?.pipeline.title ?? spec?.pipeline?.title ?? title
        requester = spec?.requester.map(Person.init)
        schedule = request.scheduleName
        parameters = status?.accepted?.parameters ?? spec?.parameters?.texts(\.parameterText)
        formats = spec?.output?.formats
        priority = spec?.priority ?? 0
        ttlSecondsAfterFinished = spec?.ttlSecondsAfterFinished
        // One that nobody has looked at waits.
        phase = status?.phase ?? .queued
        reason = status?.reason
        message = status?.explanation
        if case .fault(let fault) = request.spec { message = message ?? fault }
        stage = status?.stage
        attempt = status?.attempt ?? 1
        createdAt = metadata.creationTimestamp ?? status?.queuedAt ?? Timestamp(seconds: 0)
        queuedAt = status?.queuedAt
        startedAt = status?.startedAt
        completedAt = status?.completedAt
        asOf = status?.asOf
        deletedAt = metadata.deletionTimestamp
        stages = status?.stages?.map(StageView.init)
        previousAttempts = status?.previousAttempts?.map(AttemptView.init)
        self.clusterName = clusterName
        self.place = place
        self.expectedEnd = expectedEnd.map(Timestamp.init)
        isRecorded = status?.isRecorded
        delivered = status?.condition(.delivered)?.status
        resourceVersion = metadata.resourceVersion.isEmpty ? nil : metadata.resourceVersion
    }

    /// Of one that isn't a resource any more.
    package init(_ record: ReportRecord) {
        id = record.uid
        namespace = record.namespace
        name = record.name
        isLive = false
        pipeline = record.pipeline
        if case .spec(let spec)? = record.pinned { title = spec.title }
        requester = record.requester.map(Person.init)
        schedule = record.schedule
        parameters = record.parameters
        formats = record.formats
        priority = record.priority
        phase = record.phase
        reason = record.reason
        message = record.message
        stages = record.stages?.map(StageView.init)
        stage = record.stages.flatMap { stages in
            StageColumn.text(stages.map { StageStatus(name: $0.name, phase: $0.phase) })
        }
        attempt = record.attempt
        createdAt = Timestamp(record.createdAt)
        queuedAt = record.queuedAt.map(Timestamp.init)
        startedAt = record.startedAt.map(Timestamp.init)
        completedAt = record.completedAt.map(Timestamp.init)
        deletedAt = record.deletedAt.map(Timestamp.init)
        previousAttempts = record.previousAttempts?.map(AttemptView.init)
        isRecorded = record.phase.isTerminal
        cluster = record.cluster
        clusterName = record.clusterName
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("namespace", namespace)
            $0.member("name", name)
            $0.member("live", isLive)
            $0.member("pipeline", pipeline)
            $0.member("title", title)
            $0.member("requester", requester)
            $0.member("schedule", schedule)
            $0.member("parameters", parameters)
            $0.member("formats", formats)
            $0.member("priority", priority)
            $0.member("ttlSecondsAfterFinished", ttlSecondsAfterFinished)
            $0.member("phase", phase.rawValue)
            $0.member("reason", reason)
            $0.member("message", message)
            $0.member("stage", stage)
            $0.member("attempt", attempt)
            $0.member("createdAt", createdAt)
            $0.member("queuedAt", queuedAt)
            $0.member("startedAt", startedAt)
            $0.member("completedAt", completedAt)
            $0.member("asOf", asOf)
            $0.member("deletedAt", deletedAt)
            $0.member("stages", stages)
            $0.member("previousAttempts", previousAttempts)
            $0.member("place", place)
            $0.member("expectedEnd", expectedEnd)
            $0.member("recorded", isRecorded)
            $0.member("delivered", delivered)
            $0.member("resourceVersion", resourceVersion)
            $0.member("cluster", cluster)
            $0.member("clusterName", clusterName)
        }
    }
}

extension JSONValue {
    /// A parameter's value as it was given, in text.
    var parameterText: String { string ?? String(decoding: jsonText, as: UTF8.self) }
}
