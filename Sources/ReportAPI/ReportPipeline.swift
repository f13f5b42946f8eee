public import KubernetesModel

/// An entry of the catalogue: a report's parameters and the stages that make it.
public struct ReportPipeline: KubernetesResource {
    public static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportPipeline", plural: "reportpipelines")

    public var metadata: ObjectMeta
    /// What a run of it does, or what is wrong with how that is written.
    public var spec: Decoded<PipelineSpec>
    public var status: ReportPipelineStatus?

    public init(metadata: ObjectMeta, spec: PipelineSpec, status: ReportPipelineStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        // A status that somebody has written nonsense into is written again; what runs are made of doesn't depend on it.
        status = try? container.decodeIfPresent(ReportPipelineStatus.self, forKey: .status)
    }
}
