package import KubernetesModel
package import ReportAPI

/// A delivery as it is known: from its resource, or from what is kept of it when that is gone.
package struct KnownDelivery: Hashable, Sendable {
    package var name: String
    package var namespace: String
    package var uid: String
    package var reportID: String
    /// Of the request, for people; nil where it isn't known.
    package var reportName: String?
    /// What was wanted; nil where its resource can't be read.
    package var entry: DeliverSpec?
    package var channel: String
    package var phase: ReportDeliveryStatus.Phase?
    package var message: String?
    package var createdAt: Timestamp?
    package var completedAt: Timestamp?
    package var files: [ReportDeliveryStatus.File]
    package var recipients: [ReportDeliveryStatus.Recipient]
    /// Whether its resource is gone.
    package var isGone = false
    /// Whether it tells of another one's failure, and brings no report.
    package var isNotice = false

    package init(_ delivery: ReportDelivery) {
        let spec = delivery.spec.value
        name = delivery.metadata.name
        namespace = delivery.metadata.namespace
        uid = delivery.metadata.uid
        reportID = spec?.reportID ?? ""
        reportName = delivery.metadata.labels[ReportsAPI.Label.request]
        entry = spec?.entry
        channel = spec?.channel ?? ""
        phase = delivery.status?.phase
        message = delivery.status?.message
        if case .fault(let fault) = delivery.spec { message = message ?? fault }
        createdAt = delivery.metadata.creationTimestamp
        completedAt = delivery.status?.completedAt
        files = delivery.status?.files ?? []
        recipients = delivery.status?.recipients ?? []
        isNotice = delivery.metadata.labels[ReportsAPI.Label.notice] != nil
    }

    package var isOver: Bool { phase?.isTerminal ?? false }

    /// Whom it goes to, as far as that is known yet.
    package var addresses: [String] { (entry?.to ?? []) + (entry?.cc ?? []) }

    /// How many have it, such as `2/3`; empty until the courier has seen it.
    package var sent: String { recipients.isEmpty ? "" : ReportDeliveryStatus.sent(of: recipients) }
}
