package import KubernetesModel
package import ReportAPI

extension ReportDelivery {
    /// Of the report of `ReportRequest.fixture()`, by mail to Dana; the courier hasn't seen it.
    package static func fixture(
        _ name: String = "tb-2026-10-mail", of reportID: String = "5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11",
        channel: String = "mail", to: [String]? = ["dana@example.com"], at time: Timestamp = .start
    ) -> ReportDelivery {
        ReportDelivery(
            metadata: ObjectMeta(
                name: name, namespace: "finance", uid: "uid-\(name)", resourceVersion: "1", generation: 1,
                creationTimestamp: time, labels: [ReportsAPI.Label.request: "tb-2026-10"]),
            spec: ReportDeliverySpec(
                reportID: reportID, entry: DeliverSpec(channel: channel, to: to, formats: ["pdf", "xlsx"])))
    }

    /// As the courier leaves it: what became of each recipient.
    package func with(
        _ phase: ReportDeliveryStatus.Phase, _ recipients: [(String, ReportDeliveryStatus.Recipient.Phase)],
        message: String? = nil
    ) -> ReportDelivery {
        var delivery = self
        var status = ReportDeliveryStatus()
        status.phase = phase
        status.message = message
        status.recipients = recipients.map { .init(to: $0.0, phase: $0.1) }
        status.sent = ReportDeliveryStatus.sent(of: status.recipients ?? [])
        delivery.status = status
        return delivery
    }

    package func entry(_ edit: (inout ReportDeliverySpec) -> Void) -> ReportDelivery {
        var delivery = self
        guard var spec = delivery.spec.value else { return self }
        edit(&spec)
        delivery.spec = .value(spec)
        return delivery
    }
}

extension ReportChannel {
    /// Of type Mail, in the courier's own namespace.
    package static func mail(
        _ name: String = "mail", default: Bool? = nil, at time: Timestamp = .start, ready: String? = "True",
        message: String = ""
    ) -> ReportChannel {
        var channel = ReportChannel(
            metadata: ObjectMeta(
                name: name, namespace: "report-operator", uid: "uid-\(name)", resourceVersion: "1", generation: 1,
                creationTimestamp: time),
            spec: ReportChannelSpec(
                type: .mail, default: `default`,
                mail: .init(
                    server: "smtps://smtp.example.com:465", from: "Reports <reports@example.com>",
                    allowedRecipients: ["@example.com"], credentials: .init(secretRef: .init(name: "smtp")))))
        guard let ready else { return channel }
        var status = ReportChannelStatus()
        status.conditions = [
            Condition(
                type: ReportChannelStatus.readyCondition, status: ready, reason: ready == "True" ? "Works" : "Refused",
                message: message, lastTransitionTime: time, observedGeneration: 1)
        ]
        channel.status = status
        return channel
    }
}
