package import KubernetesModel
package import ReportAPI

/// Decides what a pipeline's status says: whether it can run, with every fault that a request for it would be refused for.
///
/// Pure, as `RunPlanner`: once the status is up to date, nothing is planned.
///
/// For example, a stage `load` with `dependsOn: [extrct]` is planned as not Ready, with the reason `InvalidSpec` and a message that
/// names the field; once that is stored, nothing more is planned until the pipeline changes.
package enum PipelinePlanner {
    /// The status to write; nil when it is up to date. `zoneFault`: why the time zone of its report can't be, for people.
    package static func plan(
        _ pipeline: ReportPipeline, zoneFault: String? = nil, now: Timestamp
    ) -> ReportPipelineStatus? {
        guard !pipeline.metadata.isDeleting else { return nil }
        let faults = faults(in: pipeline, zoneFault: zoneFault)
        let before = pipeline.status?.ready
        let value = faults.isEmpty ? "True" : "False"
        let condition = Condition(
            type: ReportPipelineStatus.readyCondition, status: value,
            reason: faults.isEmpty ? Reason.valid : Reason.invalidSpec,
            message: faults.isEmpty
                ? "requests can run it"
                : "\(FaultList.text(faults)); requests for it fail until this is fixed" + hint(pipeline),
            lastTransitionTime: before?.status == value ? before?.lastTransitionTime : now,
            observedGeneration: pipeline.metadata.generation)
        var status = pipeline.status ?? ReportPipelineStatus()
        status.observedGeneration = pipeline.metadata.generation
        status.conditions = (status.conditions ?? []).filter { $0.type != condition.type } + [condition]
        return status == pipeline.status ? nil : status
    }

    /// What can't be read hides the rest.
    private static func hint(_ pipeline: ReportPipeline) -> String {
        pipeline.spec.value == nil ? ", and what else is wrong shows then" : ""
    }

    /// Every fault, each with its field; empty for one that can run.
    package static func faults(in pipeline: ReportPipeline, zoneFault: String? = nil) -> [String] {
        switch pipeline.spec {
        case .fault(let fault): [fault]
        case .value(let spec):
            PipelineCheck.faults(in: spec, at: "spec") + (zoneFault.map { ["spec.report.timeZone: \($0)"] } ?? [])
        }
    }
}
