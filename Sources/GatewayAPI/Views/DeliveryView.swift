package import KubernetesModel
package import ReportAPI
package import ReportRecords

/// One report to one channel, once: as a resource, or as the ledger keeps it.
package struct DeliveryView: Hashable, Sendable, JSONWritable {
    package var namespace: String
    package var name: String
    package var reportID: String
    package var reportName: String?
    package var channel: String
    package var phase: ReportDeliveryStatus.Phase?
    package var message: String?
    package var formats: [String]?
    package var subject: String?
    package var cc: [String]?
    /// Columns and the values that its rows have in them.
    package var only: [String: String]?
    package var createdAt: Timestamp?
    package var completedAt: Timestamp?
    package var recipients: [ReportDeliveryStatus.Recipient]
    /// Whether it is a resource still.
    package var isLive: Bool

    package init(
        namespace: String, name: String, reportID: String, reportName: String? = nil, channel: String,
        phase: ReportDeliveryStatus.Phase? = nil, message: String? = nil, formats: [String]? = nil,
        subject: String? = nil, cc: [String]? = nil, only: [String: String]? = nil, createdAt: Timestamp? = nil,
        completedAt: Timestamp? = nil, recipients: [ReportDeliveryStatus.Recipient], isLive: Bool
    ) {
        self.namespace = namespace
        self.name = name
        self.reportID = reportID
        self.reportName = reportName
        self.channel = channel
        self.phase = phase
        self.message = message
        self.formats = formats
        self.subject = subject
        self.cc = cc
        self.only = only
        self.createdAt = createdAt
        self.completedAt = completedAt
        self.recipients = recipients
        self.isLive = isLive
    }

    /// Its recipients are those asked for, until the courier has begun.
    package init(_ delivery: ReportDelivery) {
        let (spec, status) = (delivery.spec.value, delivery.status)
        var message = status?.message
        if case .fault(let fault) = delivery.spec { message = message ?? fault }
        let wanted = ((spec?.to ?? []) + (spec?.cc ?? [])).map { ReportDeliveryStatus.Recipient(to: $0) }
        let made = status?.files?.map(\.format)
        self.init(
            namespace: delivery.metadata.namespace, name: delivery.metadata.name, reportID: spec?.reportID ?? "",
            reportName: delivery.metadata.labels[ReportsAPI.Label.request], channel: spec?.channel ?? "",
            phase: status?.phase, message: message,
            formats: made?.isEmpty == false ? made : status?.pinned?.formats ?? spec?.formats, subject: spec?.subject,
            cc: spec?.cc, only: spec?.only, createdAt: delivery.metadata.creationTimestamp,
            completedAt: status?.completedAt,
            recipients: status?.recipients ?? wanted, isLive: true)
    }

    /// Of one whose resource is gone, from the ledger's copies of it, of which there is one for each recipient; nil without any.
    package init?(gone copies: [DeliveryCopy]) {
        guard let first = copies.first else { return nil }
        let recipients = copies.sorted { $0.recipient < $1.recipient }.map(ReportDeliveryStatus.Recipient.init)
        let sent = recipients.count { $0.phase == .sent }
        self.init(
            namespace: first.namespace, name: first.name, reportID: first.reportID, channel: first.channel,
            // What isn't sent stays so.
            phase: sent == recipients.count ? .delivered : sent > 0 ? .partlyDelivered : .failed,
            formats: first.formats, createdAt: copies.map { Timestamp($0.firstTriedAt ?? $0.at) }.min(),
            completedAt: copies.map { Timestamp($0.at) }.max(), recipients: recipients, isLive: false)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("namespace", namespace)
            $0.member("name", name)
            $0.member("reportID", reportID)
            $0.member("reportName", reportName)
            $0.member("channel", channel)
            $0.member("phase", phase?.rawValue)
            $0.member("message", message)
            $0.member("formats", formats)
            $0.member("subject", subject)
            $0.member("cc", cc)
            $0.member("only", only)
            $0.member("createdAt", createdAt)
            $0.member("completedAt", completedAt)
            $0.member("recipients", recipients.map(RecipientView.init))
            $0.member("live", isLive)
        }
    }
}

extension ReportDeliveryStatus.Recipient {
    fileprivate init(_ copy: DeliveryCopy) {
        self.init(
            to: copy.recipient, phase: copy.phase, detail: copy.detail ?? copy.reason, at: Timestamp(copy.at),
            id: copy.sentID, possiblyTwice: copy.possiblyTwice)
    }
}

private struct RecipientView: JSONWritable {
    let recipient: ReportDeliveryStatus.Recipient

    init(_ recipient: ReportDeliveryStatus.Recipient) { self.recipient = recipient }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("to", recipient.to)
            $0.member("phase", recipient.phase.rawValue)
            $0.member("detail", recipient.detail)
            $0.member("at", recipient.at)
            $0.member("possiblyTwice", recipient.possiblyTwice)
        }
    }
}
