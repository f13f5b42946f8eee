public import KubernetesModel

/// A report because of an alert: the operator makes a request of its template for each firing that it matches.
public struct ReportTrigger: KubernetesResource {
    public static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportTrigger", plural: "reporttriggers")

    public var metadata: ObjectMeta
    /// Of which alerts, and what, or what is wrong with how that is written.
    public var spec: Decoded<ReportTriggerSpec>
    public var status: ReportTriggerStatus?

    public init(metadata: ObjectMeta, spec: ReportTriggerSpec, status: ReportTriggerStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportTriggerStatus.self, forKey: .status)
    }
}
