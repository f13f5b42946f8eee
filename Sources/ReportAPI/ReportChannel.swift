package import KubernetesModel

/// A way out for reports, set up by the cluster's operator in the courier's own namespace.
package struct ReportChannel: KubernetesResource {
    package static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportChannel", plural: "reportchannels")

    package var metadata: ObjectMeta
    /// Where to and how, or what is wrong with how that is written.
    package var spec: Decoded<ReportChannelSpec>
    package var status: ReportChannelStatus?

    package init(metadata: ObjectMeta, spec: ReportChannelSpec, status: ReportChannelStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportChannelStatus.self, forKey: .status)
    }
}

/// Whether a channel works, as it was last tried. Written by the courier alone.
package struct ReportChannelStatus: Codable, Hashable, Sendable {
    package var observedGeneration: Int64?
    /// `Ready` alone.
    package var conditions: [Condition]?

    package init() {}

    package var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    package static let readyCondition = "Ready"
}
