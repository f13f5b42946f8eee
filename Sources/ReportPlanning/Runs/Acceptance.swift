import DeliveryPlanning
import KubernetesModel
package import ReportAPI

/// Whether a request can run, and as what.
package enum Acceptance: Hashable, Sendable {
    case accepted(AcceptedRun)
    /// Every fault there is.
    case refused([String])
    case pipelineMissing(String)

    /// Judges a request against the pipeline that it refers to, as far as that is there.
    ///
    /// `zoneFault`: why the time zone of its report can't be, for people.
    package static func judge(
        _ request: ReportRequest, pipeline: ReportPipeline?, zoneFault: String? = nil
    ) -> Acceptance {
        switch request.spec {
        case .fault(let fault): return .refused([fault])
        case .value(let spec):
            switch (spec.pipelineRef, spec.pipeline) {
            case (let reference?, nil):
                guard let pipeline else { return .pipelineMissing(reference.name) }
                switch pipeline.spec {
                case .fault(let fault): return .refused(["ReportPipeline \(reference.name): \(fault)"])
                case .value(let value):
                    return judge(
                        request, spec, value, at: "ReportPipeline \(reference.name): spec", zoneFault)
                }
            case (nil, let inline?):
                return judge(request, spec, inline, at: "spec.pipeline", zoneFault)
            case (nil, nil):
                return .refused(["spec: exactly one of pipelineRef and pipeline is needed; neither is given"])
            case (.some, .some):
                return .refused(["spec: exactly one of pipelineRef and pipeline is needed; both are given"])
            }
        }
    }

    private static func judge(
        _ request: ReportRequest, _ spec: ReportRequestSpec, _ pipeline: PipelineSpec, at field: String,
        _ zoneFault: String?
    ) -> Acceptance {
        var faults = PipelineCheck.faults(in: pipeline, at: field)
        if let zoneFault { faults.append("\(field).report.timeZone: \(zoneFault)") }
        if let attempt = spec.attempt, attempt < 1 {
            faults.append("spec.attempt: \(attempt) is out of bounds; the first attempt is 1")
        }
        faults += spec.output?.faults ?? []
        faults += DeliveryCheck.faults(
            in: spec.deliver ?? [], parameters: pipeline.parameters?.map(\.name) ?? [], at: "spec.deliver")
        switch ParameterCheck.resolve(spec.parameters ?? [:], declared: pipeline.parameters ?? []) {
        case .faults(let more):
            return .refused(faults + more)
        case .values(let parameters):
            guard faults.isEmpty else { return .refused(faults) }
            return .accepted(
                AcceptedRun(name: ConcurrencyGroup.name(for: request), pipeline: pipeline, parameters: parameters))
        }
    }
}
