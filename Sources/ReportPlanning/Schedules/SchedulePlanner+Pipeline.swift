import KubernetesModel
import ReportAPI

/// What is told of a schedule that ticks as it says, and of which no report comes all the same. It ticks on: a request that
/// fails is noticed where a report is waited for, and what is missing may be there by the next time.
extension SchedulePlanner {
    /// When its pipeline has been waited for as long as a request waits: both may be applied together, in any order.
    static func graceEnd(_ draft: ScheduleDraft) -> Timestamp? {
        guard case .missing = draft.observed.pipeline, let since = draft.schedule?.metadata.creationTimestamp else {
            return nil
        }
        let end = since.adding(RunPlanner.pipelineGrace)
        return draft.now < end ? end : nil
    }

    /// Why nothing comes of it; nil where that isn't known.
    static func inVain(_ draft: ScheduleDraft) -> (reason: String, message: String)? {
        guard let schedule = draft.schedule, let valid = draft.valid else { return nil }
        if let never = ScheduleCheck.neverDue(valid.spec.schedule, after: draft.now) {
            return (
                Reason.neverDue,
                "\(never); for reports by hand alone set spec.suspend to true"
            )
        }
        let name = valid.spec.request.spec.pipelineRef?.name ?? ""
        switch draft.observed.pipeline {
        case .unknown:
            return invalid(ScheduleCheck.inlineFaults(in: valid.template))
        case .missing:
            guard graceEnd(draft) == nil else { return nil }
            return (
                Reason.pipelineNotFound,
                "there is no ReportPipeline \"\(name)\" in namespace \(schedule.metadata.namespace); "
                    + "its runs fail until there is"
            )
        case .found(let pipeline, let zoneFault):
            let faults = PipelinePlanner.faults(in: pipeline, zoneFault: zoneFault)
            guard faults.isEmpty else {
                return (
                    Reason.pipelineNotReady,
                    "ReportPipeline \(name): \(FaultList.text(faults)); runs fail until this is fixed"
                )
            }
            return invalid(
                ScheduleCheck.faults(in: valid.template, declared: pipeline.spec.value?.parameters ?? []))
        }
    }

    private static func invalid(_ faults: [String]) -> (reason: String, message: String)? {
        guard !faults.isEmpty else { return nil }
        return (Reason.invalidParameters, "\(FaultList.text(faults)); runs fail until this is fixed")
    }
}
