import KubernetesModel
import ReportAPI

/// The merge patch that turns a pipeline's status into another one: every field, null where there is none, on the version
/// that the decision rests on.
struct PipelineStatusPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
    }

    private struct Status: Encodable {
        let status: ReportPipelineStatus

        private enum CodingKeys: String, CodingKey { case observedGeneration, conditions }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(status.observedGeneration, forKey: .observedGeneration)
            try fields.encode(status.conditions, forKey: .conditions)
        }
    }

    private let metadata: Metadata
    private let status: Status

    init(_ pipeline: ReportPipeline, to status: ReportPipelineStatus) {
        metadata = Metadata(resourceVersion: pipeline.metadata.resourceVersion)
        self.status = Status(status: status)
    }
}
