import FoundationEssentials
import JSONReading
import KubernetesModel
import ReportAPI

extension ReportRequest {
    /// Whether a manifest asks for the same report. What may be edited later (priority, cancellation, attempts, how long
    /// it is kept) doesn't count.
    func asksTheSame(as manifest: JSONValue) -> Bool {
        guard let asked = manifest["spec"], let data = try? JSONEncoder().encode(asked),
            let other = try? JSONReader().decode(ReportRequestSpec.self, from: data), let spec = spec.value
        else { return false }
        return spec.pipelineRef == other.pipelineRef && spec.pipeline == other.pipeline
            && spec.parameters ?? [:] == other.parameters ?? [:] && spec.requester == other.requester
            && spec.output == other.output
    }
}
