import FoundationEssentials
import JSONReading
package import KubernetesModel
package import ReportAPI

extension ReportRequest {
    /// Whether a manifest asks for the same report. What may be edited later (priority, cancellation, attempts, how long
    /// it is kept) doesn't count.
    package func asksTheSame(as manifest: JSONValue) -> Bool {
        guard let asked = manifest["spec"], let data = try? JSONEncoder().encode(asked),
            let other = try? JSONReader().decode(ReportRequestSpec.self, from: data), let spec = spec.value
        else { return false }
        // By bytes: texts of others, up to the whole of a message long, are not compared as texts (`isSame`).
        guard let one = spec.asked, let two = other.asked else { return false }
        return one == two
    }
}

extension ReportRequestSpec {
    /// As JSON, without what may be edited later.
    fileprivate var asked: Data? {
        var asked = ReportRequestSpec(
            pipelineRef: pipelineRef, pipeline: pipeline, parameters: parameters, requester: requester, output: output,
            deliver: deliver)
        if asked.parameters?.isEmpty == true { asked.parameters = nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try? encoder.encode(asked)
    }
}
