public import KubernetesModel

/// One report to one channel, once.
public struct ReportDelivery: KubernetesResource {
    public static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportDelivery", plural: "reportdeliveries")

    public var metadata: ObjectMeta
    /// What goes where, or what is wrong with how that is written. It never changes.
    public var spec: Decoded<ReportDeliverySpec>
    public var status: ReportDeliveryStatus?

    public init(metadata: ObjectMeta, spec: ReportDeliverySpec, status: ReportDeliveryStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportDeliveryStatus.self, forKey: .status)
    }
}
