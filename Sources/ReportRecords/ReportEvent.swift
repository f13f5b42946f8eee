package import FoundationEssentials

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
    /// Of the stage where there is one, else of the run.
    package var phase: String
    package var reason: String?
    package var exitCode: Int?
    package var message: String?
    package var at: Date
    /// Sorts the events of a request as they happened. With gaps: it follows from the event, not from the others.
    package var sequence: Int64

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case requestUID, namespace, name, pipeline, attempt, stage, phase, reason, exitCode, message, at, sequence
    }
}
