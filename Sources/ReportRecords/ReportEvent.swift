public import FoundationEssentials
public import ReportAPI

/// One transition of a run or of one of its stages: a document of the collection `report_events`.
public struct ReportEvent: Codable, Hashable, Sendable {
    /// What it tells: `uid/attempt/phase` of the run, `uid/attempt/stage/phase` of a stage. So told twice it is one.
    public var id: String
    public var requestUID: String
    public var namespace: String
    public var name: String
    public var pipeline: String?
    public var attempt: Int
    public var stage: String?
    /// Of the stage where there is one, else of the run; `Deleted` of the request.
    public var phase: String
    public var reason: String?
    public var exitCode: Int?
    public var message: String?
    public var at: Date
    /// Sorts the events of a request as they happened. With gaps: it follows from the event, not from the others.
    public var sequence: Int64
    /// Of a stage.
    public var job: String?
    /// Of an end: when the stage started, or the attempt's first stage.
    public var startedAt: Date?
    /// Of an end that Succeeded: when the source was read of what was published; nil where nothing was, or it isn't known.
    public var asOf: Date?
    /// Of the attempt's first phase, of its end and of the deletion.
    public var asked: Asked?
    /// Of the run's beginning; of its end where it never began.
    public var accepted: Accepted?
    /// Of the run's end: the stages whose ends no event of their own tells, such as those that were skipped.
    public var otherStages: [ReportRecord.Stage]?
    /// Of the run's end and of the deletion: the versions of the resource that tell it.
    public var generation: Int64?
    public var resourceVersion: String?
    /// Where the request was made, as in its record.
    public var cluster: String?
    public var clusterName: String?
    public var namespaceUID: String?

    /// What was asked for, apart from the pipeline.
    public struct Asked: Codable, Hashable, Sendable {
        public var createdAt: Date
        public var requester: ReportRequestSpec.Requester?
        public var schedule: String?
        public var formats: [String]?
        public var priority: Int
        /// In text, of a request that was not accepted.
        public var parameters: [String: String]?
    }

    /// What was agreed.
    public struct Accepted: Codable, Hashable, Sendable {
        public var pipeline: PinnedPipeline
        public var parameters: [String: String]
        public var deliveries: [PinnedDelivery]?
        public var failureNotice: PinnedDelivery?
    }

    public enum CodingKeys: String, CodingKey {
        case id = "_id"
        case requestUID, namespace, name, pipeline, attempt, stage, phase, reason, exitCode, message, at, sequence
        case job, startedAt, asOf, asked, accepted, otherStages, generation, resourceVersion
        case cluster, clusterName, namespaceUID
    }

    /// The phase of the event that tells of the request's deletion.
    public static let deleted = "Deleted"
}
