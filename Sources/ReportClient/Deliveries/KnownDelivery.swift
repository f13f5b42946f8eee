public import KubernetesModel
public import ReportAPI

/// A delivery as it is known: from its resource, or from what is kept of it when that is gone.
public struct KnownDelivery: Hashable, Sendable {
    public var name: String
    public var namespace: String
    public var uid: String
    public var reportID: String
    /// Of the request, for people; nil where it isn't known.
    public var reportName: String?
    /// What was wanted; nil where its resource can't be read.
    public var entry: DeliverSpec?
    public var channel: String
    public var phase: ReportDeliveryStatus.Phase?
    public var message: String?
    public var createdAt: Timestamp?
    public var completedAt: Timestamp?
    public var files: [ReportDeliveryStatus.File]
    public var recipients: [ReportDeliveryStatus.Recipient]
    /// Whether its resource is gone.
    public var isGone = false
    /// Whether it tells of another one's failure, and brings no report.
    public var isNotice = false

    public init(_ delivery: ReportDelivery) {
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

    public var isOver: Bool { phase?.isTerminal ?? false }

    /// Its recipients, as far as they are known yet.
    public var addresses: [String] { (entry?.to ?? []) + (entry?.cc ?? []) }

    /// How many have it, such as `2/3`; empty until the courier has seen it.
    public var sent: String { recipients.isEmpty ? "" : ReportDeliveryStatus.sent(of: recipients) }
}
