public import FoundationEssentials
public import ReportAPI

/// What is kept of a request for ever: a document of the collection `reports`.
///
/// `Date`s are BSON dates. It holds what people wrote, and references to Secrets as references.
public struct ReportRecord: Codable, Hashable, Sendable {
    /// How an attempt before the present one ended.
    public struct Attempt: Codable, Hashable, Sendable {
        public var attempt: Int
        public var phase: ReportRequestStatus.Phase
        public var reason: String?
        public var startedAt: Date?
        public var completedAt: Date?
        /// Those that ran in it and did not succeed.
        public var stages: [Stage]?
    }

    public struct Stage: Codable, Hashable, Sendable {
        public var name: String
        public var phase: StageStatus.Phase
        public var attempt: Int?
        public var job: String?
        public var startedAt: Date?
        public var completedAt: Date?
        public var exitCode: Int?
        public var reason: String?
        public var message: String?
    }

    /// The request's uid, which is the report's id.
    public var uid: String
    public var namespace: String
    public var name: String
    public var requester: ReportRequestSpec.Requester?
    /// The schedule that it was made for, as its label names it. Nil too of what was recorded before there was this field.
    public var schedule: String?
    /// The pipeline's name, or `(inline)`.
    public var pipeline: String?
    /// Absent until the request is accepted.
    public var pinned: PinnedPipeline?
    /// In text; once the request is accepted, with the defaults of those not given.
    public var parameters: [String: String]?
    /// What goes out at the end of each attempt, as it was pinned with the run: the courier holds a delivery that is named as
    /// the operator's against it. Nil where nothing was pinned, or by a release that didn't keep it.
    public var deliveries: [PinnedDelivery]?
    /// How the requester was to be told that one of these has failed for good.
    public var failureNotice: PinnedDelivery?
    public var formats: [String]?
    public var priority: Int
    public var phase: ReportRequestStatus.Phase
    public var reason: String?
    public var message: String?
    public var attempt: Int
    public var stages: [Stage]?
    public var previousAttempts: [Attempt]?
    public var createdAt: Date
    public var queuedAt: Date?
    public var startedAt: Date?
    public var completedAt: Date?
    /// When its deletion was asked for, as far as it is known.
    public var deletedAt: Date?
    public var generation: Int64
    public var resourceVersion: String
    /// `resourceVersion` as a text whose order is that of time.
    public var versionOrder: String
    /// How far the run has come: never less in a later state.
    public var progress: Int64
    /// What had to be left out, since a document holds 16 MB at most.
    public var notes: [String]?
    /// Where the request was made: see `RecordOrigin`. Absent in what was recorded before there was that.
    public var cluster: String?
    public var clusterName: String?
    public var namespaceUID: String?

    public enum CodingKeys: String, CodingKey, CaseIterable {
        case uid = "_id"
        case namespace, name, requester, schedule, pipeline, pinned, parameters, deliveries, failureNotice, formats,
            priority, phase, reason,
            message
        case attempt, stages, previousAttempts, createdAt, queuedAt, startedAt, completedAt, deletedAt, generation
        case resourceVersion, versionOrder, progress, notes, cluster, clusterName, namespaceUID
    }
}

extension ReportRecord {
    /// When the source of what it has published was read: as the stage says, else when the attempt's first stage started, and
    /// where that isn't known, when the request was made.
    public func asOf(_ result: ReportResult) -> Date { asOf(publishedIn: result.attempt, said: result.asOf) }

    /// The same by what a result says: which attempt published it, and perhaps when the source was read.
    public func asOf(publishedIn number: Int, said: Date?) -> Date {
        let start =
            number == attempt ? startedAt : previousAttempts?.first { $0.attempt == number }?.startedAt
        return said ?? start ?? createdAt
    }
}
