package import KubernetesModel

/// One report to one channel, once.
package struct ReportDelivery: KubernetesResource {
    package static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportDelivery", plural: "reportdeliveries")

    package var metadata: ObjectMeta
    /// What goes where, or what is wrong with how that is written. It never changes.
    package var spec: Decoded<ReportDeliverySpec>
    package var status: ReportDeliveryStatus?

    package init(metadata: ObjectMeta, spec: ReportDeliverySpec, status: ReportDeliveryStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportDeliveryStatus.self, forKey: .status)
    }
}
