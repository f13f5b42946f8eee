package import KubernetesModel

/// A report because of an alert: the operator makes a request of its template for each firing that it matches.
package struct ReportTrigger: KubernetesResource {
    package static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportTrigger", plural: "reporttriggers")

    package var metadata: ObjectMeta
    /// Of which alerts, and what, or what is wrong with how that is written.
    package var spec: Decoded<ReportTriggerSpec>
    package var status: ReportTriggerStatus?

    package init(metadata: ObjectMeta, spec: ReportTriggerSpec, status: ReportTriggerStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportTriggerStatus.self, forKey: .status)
    }
}
