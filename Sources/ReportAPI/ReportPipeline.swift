package import KubernetesModel

/// An entry of the catalogue: a report's parameters and the stages that make it.
package struct ReportPipeline: KubernetesResource {
    package static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportPipeline", plural: "reportpipelines")

    package var metadata: ObjectMeta
    /// What a run of it does, or what is wrong with how that is written.
    package var spec: Decoded<PipelineSpec>

    package init(metadata: ObjectMeta, spec: PipelineSpec) {
        self.metadata = metadata
        self.spec = .value(spec)
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
    }
}
