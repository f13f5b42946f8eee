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
            + finding(of: staying.filter { cause($0) == .itsRuns }) { number, first in
                .warning(
                    "schedules",
                    "every run of \(number) fails, such as \(name(first)): \(first.status?.ready?.message ?? "")",
                    mend: "fix what the message names; see \(show(first))")
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

    /// Schedules whose latest finished run failed. `name`: what to call a request by; `describe`: the command that shows it.
    static func failing(
        _ schedules: [ReportSchedule], _ requests: [ReportRequest], name: (ReportRequest) -> String,
        describe: (ReportRequest) -> String
    ) -> [Finding] {
        let known = Set(schedules.map { "\($0.metadata.namespace)/\($0.metadata.uid)" })
        var latest: [String: ReportRequest] = [:]
        for request in requests where request.status?.isTerminal == true && request.status?.isRestored != true {
            guard let uid = request.scheduleUID else { continue }
            let schedule = "\(request.metadata.namespace)/\(uid)"
            guard known.contains(schedule) else { continue }
            if let last = latest[schedule], !isOlder(last, request) { continue }
            latest[schedule] = request
        }
        let failed = latest.values.filter { $0.status?.phase == .failed }.sorted { $0.key < $1.key }
        guard let first = failed.first else { return [] }
        let number = "\(failed.count) schedule\(failed.count == 1 ? "" : "s")"
        return [
            .warning(
                "schedules", "the latest run of \(number) failed, such as \(name(first))",
                mend: "see \(describe(first))")
        ]
    }

    private static func isOlder(_ one: ReportRequest, _ other: ReportRequest) -> Bool {
        let never = Timestamp(seconds: 0)
        return (one.metadata.creationTimestamp ?? never) < (other.metadata.creationTimestamp ?? never)
    }

    /// Of one that isn't ready.
    private enum Cause { case itsOwn, itsRuns, theClusters }

    private static func cause(_ schedule: ReportSchedule) -> Cause? {
        guard let ready = schedule.status?.ready, ready.status == "False" else { return nil }
        if ReportScheduleStatus.failingReasons.contains(ready.reason) { return .itsRuns }
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
