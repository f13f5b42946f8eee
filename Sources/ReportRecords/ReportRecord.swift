package import FoundationEssentials
package import ReportAPI

/// What is kept of a request for ever: a document of the collection `reports`.
///
/// `Date`s are BSON dates. It holds what people wrote, and references to Secrets as references.
package struct ReportRecord: Codable, Hashable, Sendable {
    /// How an attempt before the present one ended.
    package struct Attempt: Codable, Hashable, Sendable {
        package var attempt: Int
        package var phase: ReportRequestStatus.Phase
        package var reason: String?
        package var startedAt: Date?
        package var completedAt: Date?
        /// Those that ran in it and did not succeed.
        package var stages: [Stage]?
    }

    package struct Stage: Codable, Hashable, Sendable {
        package var name: String
        package var phase: StageStatus.Phase
        package var attempt: Int?
        package var job: String?
        package var startedAt: Date?
        package var completedAt: Date?
        package var exitCode: Int?
        package var reason: String?
        package var message: String?
    }

    /// The request's uid, which is the report's id.
    package var uid: String
    package var namespace: String
    package var name: String
    package var requester: ReportRequestSpec.Requester?
    /// The schedule that it was made for, as its label names it. Nil too of what was recorded before there was this field.
    package var schedule: String?
    /// The pipeline's name, or `(inline)`.
    package var pipeline: String?
    /// Absent until the request is accepted.
    package var pinned: PinnedPipeline?
    /// In text; once the request is accepted, with the defaults of those not given.
    package var parameters: [String: String]?
    /// What goes out at the end of each attempt, as it was pinned with the run: the courier holds a delivery that is named as
    /// the operator's against it. Nil where nothing was pinned, or by a release that didn't keep it.
    package var deliveries: [PinnedDelivery]?
    /// How the requester was to be told that one of these has failed for good.
    package var failureNotice: PinnedDelivery?
    package var formats: [String]?
    package var priority: Int
    package var phase: ReportRequestStatus.Phase
    package var reason: String?
    package var message: String?
    package var attempt: Int
    package var stages: [Stage]?
    package var previousAttempts: [Attempt]?
    package var createdAt: Date
    package var queuedAt: Date?
    package var startedAt: Date?
    package var completedAt: Date?
    /// When its deletion was asked for, as far as it is known.
    package var deletedAt: Date?
    package var generation: Int64
    package var resourceVersion: String
    /// `resourceVersion` as a text whose order is that of time.
    package var versionOrder: String
    /// How far the run has come: never less in a later state.
    package var progress: Int64
    /// What had to be left out, since a document holds 16 MB at most.
    package var notes: [String]?
    /// Where the request was made: see `RecordOrigin`. Absent in what was recorded before there was that.
    package var cluster: String?
    package var clusterName: String?
    package var namespaceUID: String?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case uid = "_id"
        case namespace, name, requester, schedule, pipeline, pinned, parameters, deliveries, failureNotice, formats,
            priority, phase, reason,
            message
        case attempt, stages, previousAttempts, createdAt, queuedAt, startedAt, completedAt, deletedAt, generation
        case resourceVersion, versionOrder, progress, notes, cluster, clusterName, namespaceUID
    }
}
