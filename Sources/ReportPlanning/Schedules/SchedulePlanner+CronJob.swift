import KubernetesModel
import ReportAPI

extension SchedulePlanner {
    /// Makes the CronJob, and puts right what has become different. Where the schedule can't be carried out as it is
    /// written, its CronJob must not tick; it stays, since its ticks go with it.
    static func keepCronJob(_ draft: inout ScheduleDraft) {
        guard let schedule = draft.schedule, draft.undecided == nil else { return }
        let name = ScheduleCronJob.name(of: schedule.metadata)
        let setback = draft.observed.setbacks[name]
        // One that is going is waited for.
        if draft.observed.cronJob?.metadata.isDeleting ?? false { return }
        if let cronJob = draft.cronJob, draft.valid == nil || setback?.isRefusal ?? false {
            guard cronJob.spec.suspend != true else { return }
            draft.plan.actions.append(.updateCronJob(name: name, patch: ScheduleCronJob.suspension(of: cronJob)))
            return
        }
        guard let spec = draft.valid?.spec, !(setback?.isRefusal ?? false) else { return }
        let version = draft.observed.cronJobVersion
        let action: ScheduleAction
        if let cronJob = draft.cronJob {
            guard !ScheduleCronJob.fits(cronJob, schedule, spec) else { return }
            action = .updateCronJob(
                name: name, patch: ScheduleCronJob.patch(schedule, spec, onto: cronJob, version: version))
        } else {
            action = .createCronJob(
                name: name, manifest: ScheduleCronJob.manifest(schedule, spec, version: version))
        }
        if setback == nil { draft.plan.actions.append(action) } else { draft.plan.retries.append(action) }
    }

    /// Deletes the requests that are too many, the oldest first. A request whose tick is there, whose success isn't told in
    /// the schedule's status, or that waits to be told elsewhere, stays until then; a resumed one until it has ended again.
    /// What was restored says nothing of success, and was restored on purpose: it stays.
    static func keepHistory(_ draft: inout ScheduleDraft) {
        guard let schedule = draft.schedule, let spec = schedule.spec.value else { return }
        let finished = draft.observed.requests
            .filter {
                $0.status?.isTerminal ?? false && !$0.metadata.isDeleting && !$0.isToBeResumed && !$0.isRestored
            }
            .sorted { $0.age < $1.age }
        let succeeded = finished.filter { $0.status?.phase == .succeeded }
        let failed = finished.filter { $0.status?.phase != .succeeded }
        let excess =
            succeeded.dropLast(spec.history?.succeeded ?? ReportScheduleSpec.History.defaultCount)
            + failed.dropLast(spec.history?.failed ?? ReportScheduleSpec.History.defaultCount)
        for request in excess {
            let metadata = request.metadata
            guard draft.mayWrite(to: request), !metadata.finalizers.contains(ReportsAPI.Finalizer.tick),
                !draft.isThere(tickUID: metadata.labels[ReportsAPI.Label.tickUID] ?? "")
            else { continue }
            if request.status?.phase == .succeeded, let end = request.status?.completedAt {
                guard let told = schedule.status?.lastSuccessfulTime, end <= told else { continue }
            }
            guard !draft.observed.untold.contains(metadata.uid) else {
                draft.plan.wakeAt = Timestamp(seconds: draft.now.seconds + History.patience)
                continue
            }
            draft.plan.actions.append(
                .deleteRequest(
                    name: metadata.name, uid: metadata.uid, resourceVersion: metadata.resourceVersion))
        }
    }

    private enum History {
        /// Seconds after which it is looked at again whether a request's end was told.
        static let patience: Int64 = 30
    }
}

extension ObservedSchedule.Setback {
    /// Whether it is tried again only when the schedule has changed.
    var isRefusal: Bool {
        switch self {
        case .refused: true
        case .postponed, .taken, .zoneDropped: false
        }
    }
}

extension ReportRequest {
    fileprivate var isToBeResumed: Bool {
        status?.phase != .succeeded && spec.value?.cancel != true && spec.value?.attempt ?? 1 > status?.attempt ?? 1
    }

    fileprivate var age: (Timestamp, String) {
        (metadata.creationTimestamp ?? Timestamp(seconds: 0), metadata.name)
    }
}
