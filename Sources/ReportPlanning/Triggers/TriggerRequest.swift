import KubernetesModel
package import ReportAPI

/// The manifest of a request that a firing asks for.
package struct TriggerRequest: Encodable, Hashable, Sendable {
    package struct Metadata: Encodable, Hashable, Sendable {
        package let name: String
        package let namespace: String
        package let labels: [String: String]
    }

    package let apiVersion = ReportRequest.resourceKind.apiVersion
    package let kind = ReportRequest.resourceKind.kind
    package let metadata: Metadata
    package let spec: ReportRequestSpec

    package var name: String { metadata.name }

    private enum CodingKeys: String, CodingKey { case apiVersion, kind, metadata, spec }

    init(of trigger: ObjectMeta, _ name: String, _ spec: ReportRequestSpec) {
        metadata = Metadata(
            name: name, namespace: trigger.namespace,
            labels: [
                ReportsAPI.Label.managedBy: ReportsAPI.manager,
                ReportsAPI.Label.trigger: ObjectNames.label(trigger.name),
                ReportsAPI.Label.triggerUID: trigger.uid,
            ])
        self.spec = spec
    }

    /// The same for the same firing and step, whoever makes it: so that a second one meets the first.
    ///
    /// A firing is known by when it began, since counting starts over when an alert is no longer kept.
    static func name(of trigger: ObjectMeta, _ alert: ReportTriggerStatus.Alert, step: Int) -> String {
        let fingerprint = Fingerprint.of(trigger.uid, alert.fingerprint, "\(alert.since.seconds)", "\(step)")
        return "\(trigger.name.prefix(200))-\(fingerprint)"
    }
}
