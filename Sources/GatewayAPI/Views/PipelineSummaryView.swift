import KubernetesModel
package import ReportAPI
import ReportPlanning

/// An entry of the catalogue.
package struct PipelineSummaryView: Hashable, Sendable, JSONWritable {
    package var namespace: String
    package var name: String
    package var title: String?
    package var description: String?
    package var parameters: [ParameterSpec]
    /// Why nothing can be asked of it.
    package var fault: String?
    /// How many of its runs are live.
    package var runs: Int

    /// Checks the pipeline as the operator does when a run is accepted, which takes half a millisecond: of pipelines that are
    /// shown again and again `fault` is kept.
    package init(_ pipeline: ReportPipeline, runs: Int) {
        self.init(pipeline, runs: runs, fault: Self.fault(of: pipeline))
    }

    /// `fault`: as `fault(of:)` found it.
    package init(_ pipeline: ReportPipeline, runs: Int, fault: String?) {
        namespace = pipeline.metadata.namespace
        name = pipeline.metadata.name
        self.runs = runs
        title = pipeline.spec.value?.title
        description = pipeline.spec.value?.description
        parameters = pipeline.spec.value?.parameters ?? []
        self.fault = fault
    }

    /// Why nothing can be asked of a pipeline; nil where something can.
    package static func fault(of pipeline: ReportPipeline) -> String? {
        switch pipeline.spec {
        case .value(let spec):
            let faults = PipelineCheck.faults(in: spec, at: "spec")
            return faults.isEmpty ? nil : faults.prefix(20).joined(separator: "; ").head(bytes: 4096)
        case .fault(let fault): return fault
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("namespace", namespace)
        writer.member("name", name)
        writer.member("title", title)
        writer.member("description", description)
        writer.member("parameters", parameters.map(ParameterView.init))
        writer.member("fault", fault)
        writer.member("runs", runs)
    }
}

/// A parameter as its pipeline declares it.
struct ParameterView: JSONWritable {
    let spec: ParameterSpec

    init(_ spec: ParameterSpec) { self.spec = spec }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", spec.name)
            $0.member("type", spec.type.rawValue)
            $0.member("title", spec.title)
            $0.member("description", spec.description)
            $0.member("required", spec.required ?? false)
            $0.member("default", spec.default)
            $0.member("enum", spec.enum.map { .array($0) })
            $0.member("multiple", spec.multiple)
            $0.member("minimum", spec.minimum)
            $0.member("maximum", spec.maximum)
            $0.member("pattern", spec.pattern)
            $0.member("minLength", spec.minLength)
            $0.member("maxLength", spec.maxLength)
        }
    }
}
