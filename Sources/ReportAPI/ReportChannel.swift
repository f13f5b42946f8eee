public import KubernetesModel

/// A way out for reports, set up by the cluster's operator in the courier's own namespace.
public struct ReportChannel: KubernetesResource {
    public static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportChannel", plural: "reportchannels")

    public var metadata: ObjectMeta
    /// Where to and how, or what is wrong with how that is written.
    public var spec: Decoded<ReportChannelSpec>
    public var status: ReportChannelStatus?

    public init(metadata: ObjectMeta, spec: ReportChannelSpec, status: ReportChannelStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportChannelStatus.self, forKey: .status)
    }
}

/// Whether a channel works, as it was last tried. Written by the courier alone.
public struct ReportChannelStatus: Codable, Hashable, Sendable {
    public var observedGeneration: Int64?
    /// `Ready` alone.
    public var conditions: [Condition]?

    public init() {}

    public var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    public static let readyCondition = "Ready"
}
