import KubernetesModel
import ReportAPI

/// What schedules tell: which make no report, and which will make one that fails.
enum ScheduleSigns {
    /// `pipelines`: all there are where the schedules are. `name`: what to call a schedule by; `show`: the command that
    /// shows it.
    static func findings(
        _ schedules: [ReportSchedule], pipelines: Set<ObjectKey>, name: (ReportSchedule) -> String,
        show: (ReportSchedule) -> String
    ) -> [Finding] {
        schedules.sorted { $0.key < $1.key }.compactMap { schedule in
            if let ready = schedule.status?.ready, ready.status == "False" {
                return .warning(
                    "schedules", "\(name(schedule)) makes no reports: \(ready.message)",
                    mend: "mend its manifest and apply it again; see \(show(schedule))")
            }
            guard let spec = schedule.spec.value, spec.suspend != true,
                let pipeline = spec.request.spec.pipelineRef?.name,
                !pipelines.contains(ObjectKey(namespace: schedule.metadata.namespace, name: pipeline))
            else { return nil }
            return .warning(
                "schedules",
                "\(name(schedule)) asks for the pipeline \(pipeline), which isn't there: its next run will fail",
                mend: "apply the pipeline, or name another one in spec.request.spec.pipelineRef")
        }
    }
}
