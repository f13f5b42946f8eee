package import KubernetesModel
package import ReportAPI
package import ReportRecords

/// What a list of reports on record tells of one.
package struct HistoryRow: Hashable, Sendable {
    package let createdAt: Timestamp
    package let namespace: String
    package let name: String
    package let pipeline: String
    package let phase: ReportRequestStatus.Phase
    /// How long it took; empty until it is over.
    package let duration: String
    package let requester: String
    package let deletedAt: Timestamp?
    package let attempt: Int
    package let reason: String
    /// `NAME=VALUE …`, by name.
    package let parameters: String
    package let reportID: String

    package init(_ record: ReportRecord) {
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
