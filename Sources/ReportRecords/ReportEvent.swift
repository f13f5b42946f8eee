package import FoundationEssentials
package import ReportAPI

/// One transition of a run or of one of its stages: a document of the collection `report_events`.
package struct ReportEvent: Codable, Hashable, Sendable {
    /// What it tells: `uid/attempt/phase` of the run, `uid/attempt/stage/phase` of a stage. So told twice it is one.
    package var id: String
    package var requestUID: String
    package var namespace: String
    package var name: String
    package var pipeline: String?
    package var attempt: Int
    package var stage: String?
    /// Of the stage where there is one, else of the run; `Deleted` of the request.
    package var phase: String
    package var reason: String?
    package var exitCode: Int?
    package var message: String?
    package var at: Date
    /// Sorts the events of a request as they happened. With gaps: it follows from the event, not from the others.
    package var sequence: Int64
    /// Of a stage.
    package var job: String?
    /// Of an end: when the stage started, or the attempt's first stage.
    package var startedAt: Date?
    /// Of an end that Succeeded: when the source was read of what was published; nil where nothing was, or it isn't known.
    package var asOf: Date?
    /// Of the attempt's first phase, of its end and of the deletion.
    package var asked: Asked?
    /// Of the run's beginning; of its end where it never began.
    package var accepted: Accepted?
    /// Of the run's end: the stages whose ends no event of their own tells, such as those that were skipped.
    package var otherStages: [ReportRecord.Stage]?
    /// Of the run's end and of the deletion: the versions of the resource that tell it.
    package var generation: Int64?
    package var resourceVersion: String?
    /// Where the request was made, as in its record.
    package var cluster: String?
    package var clusterName: String?
    package var namespaceUID: String?

    /// What was asked for, apart from the pipeline.
    package struct Asked: Codable, Hashable, Sendable {
        package var createdAt: Date
        package var requester: ReportRequestSpec.Requester?
        package var schedule: String?
        package var formats: [String]?
        package var priority: Int
        /// In text, of a request that was not accepted.
        package var parameters: [String: String]?
    }

    /// What was agreed.
    package struct Accepted: Codable, Hashable, Sendable {
        package var pipeline: PinnedPipeline
        package var parameters: [String: String]
        package var deliveries: [PinnedDelivery]?
        package var failureNotice: PinnedDelivery?
    }

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case requestUID, namespace, name, pipeline, attempt, stage, phase, reason, exitCode, message, at, sequence
        case job, startedAt, asOf, asked, accepted, otherStages, generation, resourceVersion
        case cluster, clusterName, namespaceUID
    }

    /// The phase of the event that tells of the request's deletion.
    package static let deleted = "Deleted"
}
