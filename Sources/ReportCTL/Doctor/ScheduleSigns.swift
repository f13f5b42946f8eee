import KubernetesModel
import ReportAPI

/// What schedules tell: which make no report, and which will make one that fails.
enum ScheduleSigns {
    /// `pipelines`: all there are where the schedules are; nil where that isn't known. `name`: what to call a schedule by;
    /// `show`: the command that shows it.
    static func findings(
        _ schedules: [ReportSchedule], pipelines: Set<ObjectKey>?, now: Timestamp, operatorNamespace: String,
        name: (ReportSchedule) -> String, show: (ReportSchedule) -> String
    ) -> [Finding] {
        let staying = schedules.filter { !$0.metadata.isDeleting }.sorted { $0.key < $1.key }
        func finding(
            of some: [ReportSchedule], _ say: (_ number: String, _ first: ReportSchedule) -> Finding
        ) -> [Finding] {
            some.first.map { [say("\(some.count) schedule\(some.count == 1 ? "" : "s")", $0)] } ?? []
        }
        return finding(
            of: staying.filter { $0.status?.ready == nil && OperatorSigns.isOverdue($0.metadata, now: now) }
        ) { number, first in
            .failure(
                "operator",
                "no operator has seen \(number), such as \(name(first)), for "
                    + Moments.age(first.metadata.creationTimestamp, now: now),
                mend: OperatorSigns.search(for: first.metadata.namespace, operatorNamespace: operatorNamespace))
        }
            + finding(of: staying.filter { cause($0) == .itsOwn }) { number, first in
                .warning(
                    "schedules",
                    "no reports are made of \(number), such as \(name(first)): \(first.status?.ready?.message ?? "")",
                    mend: "fix its manifest and apply it again; see \(show(first))")
            }
            + finding(of: staying.filter { cause($0) == .theClusters }) { number, first in
                .warning(
                    "schedules",
                    "the cluster refuses what is needed for \(number), such as "
                        + "\(name(first)): \(first.status?.ready?.message ?? "")",
                    mend: "fix what the message names; the operator keeps trying: \(show(first))")
            }
            + finding(of: staying.filter { asksInVain($0, pipelines) }) { number, first in
                .warning(
                    "schedules",
                    "\(number) will fail at the next run, such as \(name(first)): there is no pipeline "
                        + (first.spec.value?.request.spec.pipelineRef?.name ?? ""),
                    mend: "apply the pipeline, or name another one in spec.request.spec.pipelineRef")
            }
    }

    /// Of one that isn't ready.
    private enum Cause { case itsOwn, theClusters }

    private static func cause(_ schedule: ReportSchedule) -> Cause? {
        guard let ready = schedule.status?.ready, ready.status == "False" else { return nil }
        let passing = [Reason.cronJobNotCreated, Reason.requestNotCreated]
        return passing.contains(ready.reason) ? .theClusters : .itsOwn
    }

    private static func asksInVain(_ schedule: ReportSchedule, _ pipelines: Set<ObjectKey>?) -> Bool {
        guard let pipelines, let spec = schedule.spec.value, spec.suspend != true, cause(schedule) == nil,
            let pipeline = spec.request.spec.pipelineRef?.name
        else { return false }
        return !pipelines.contains(ObjectKey(namespace: schedule.metadata.namespace, name: pipeline))
    }
}
