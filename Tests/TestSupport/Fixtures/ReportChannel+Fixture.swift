package import KubernetesModel
package import ReportAPI

extension ReportChannel {
    /// A way out for mail that admits every namespace.
    package static func mail(
        _ name: String = "mail", isDefault: Bool = false, at created: Timestamp = .start,
        admitting selector: NamespaceSelector = NamespaceSelector()
    ) -> ReportChannel {
        fixture(
            name, at: created,
            ReportChannelSpec(
                type: .mail, default: isDefault ? true : nil, allowedNamespaces: selector,
                mail: .init(
                    server: "smtps://smtp.example.com:465", from: "reports@example.com",
                    allowedRecipients: ["@example.com"])))
    }

    /// One for a mounted folder.
    package static func folder(
        _ name: String = "archive", isDefault: Bool = false, at created: Timestamp = .start
    ) -> ReportChannel {
        fixture(
            name, at: created,
            ReportChannelSpec(
                type: .folder, default: isDefault ? true : nil,
                folder: .init(volume: "/reports", path: "{namespace}/{report}")))
    }

    /// One for a broker.
    package static func mqtt(_ name: String = "broker") -> ReportChannel {
        fixture(
            name, at: .start,
            ReportChannelSpec(
                type: .mqtt, mqtt: .init(server: "mqtt://broker.example.com:1883", topic: "reports/{report}")))
    }

    package func with(_ edit: (inout ReportChannel) -> Void) -> ReportChannel {
        var copy = self
        edit(&copy)
        return copy
    }

    private static func fixture(_ name: String, at created: Timestamp, _ spec: ReportChannelSpec) -> ReportChannel {
        ReportChannel(
            metadata: ObjectMeta(
                name: name, namespace: "report-operator", uid: "uid-of-\(name)", creationTimestamp: created),
            spec: spec)
    }
}
