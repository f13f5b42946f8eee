public import KubernetesModel
public import ReportAPI
public import ReportRecords

/// What a list of reports on record tells of one.
public struct HistoryRow: Hashable, Sendable {
    public let createdAt: Timestamp
    public let namespace: String
    public let name: String
    public let pipeline: String
    public let phase: ReportRequestStatus.Phase
    /// How long it took; empty until it is over.
    public let duration: String
    public let requester: String
    public let deletedAt: Timestamp?
    public let attempt: Int
    public let reason: String
    /// `NAME=VALUE …`, by name.
    public let parameters: String
    public let reportID: String

    public init(_ record: ReportRecord) {
        createdAt = Timestamp(record.createdAt)
        namespace = record.namespace
        name = record.name
        pipeline = record.pipeline ?? ""
        phase = record.phase
        duration = ReportRequest(record).status?.duration ?? ""
        requester = record.requester?.name ?? record.requester?.email ?? ""
        deletedAt = record.deletedAt.map { Timestamp($0) }
        attempt = record.attempt
        reason = record.reason ?? ""
        parameters = (record.parameters ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: " ")
        reportID = record.uid
    }
}
