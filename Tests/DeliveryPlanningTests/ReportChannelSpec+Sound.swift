import ReportAPI

extension ReportChannelSpec {
    /// One of that type without a fault.
    static func sound(_ kind: Kind) -> ReportChannelSpec {
        let credentials = Credentials(secretRef: SecretReference(name: "secret"))
        var spec = ReportChannelSpec(type: kind)
        switch kind {
        case .mail:
            spec.mail = Mail(
                server: "smtps://smtp.example.com:465", from: "Reports <reports@example.com>",
                allowedRecipients: ["@example.com", "audit@partner.example"],
                limits: .init(perNamespacePerHour: 1000), credentials: credentials, maxMessageSize: "20Mi")
        case .sharePoint:
            spec.sharePoint = SharePoint(
                tenant: "example.onmicrosoft.com", site: "https://example.sharepoint.com/sites/finance",
                library: "Reports", path: "{namespace}/{pipeline}/{report}", credentials: credentials)
        case .teams: spec.teams = Teams(credentials: credentials)
        case .webhook:
            spec.webhook = Webhook(url: "https://hooks.example.com/reports?x=1", credentials: credentials)
        case .mqtt:
            spec.mqtt = MQTT(
                server: "mqtts://broker.example.com:8883", topic: "reports/{namespace}/{pipeline}",
                parameters: ["period"], credentials: credentials)
        case .folder: spec.folder = Folder(volume: "/reports", path: "{namespace}/{report}")
        }
        return spec
    }
}
