import KubernetesModel
import ReportAPI

/// A tick becomes a request, once, and goes when that has ended.
///
/// That it is never two holds whatever crashes or is seen late: a request is made with a finalizer, so that nobody can
/// take it away before the tick says that it was made; and no tick that says so becomes another.
extension SchedulePlanner {
    /// The oldest first. What was refused waits for another spec; what was put off is tried again last. All wait until the
    /// CronJob has the schedule's zone.
    static func serveTicks(_ draft: inout ScheduleDraft) {
        guard let schedule = draft.schedule, let valid = draft.valid, draft.awaited == nil, let cronJob = draft.cronJob,
            cronJob.spec.timeZone == valid.spec.timeZone
        else { return }
        let due = draft.observed.ticks
            .filter {
                $0.belongs(to: cronJob) && $0.served == nil && !$0.metadata.isDeleting && draft.request(of: $0) == nil
            }
            .map { (time: ScheduledTime.effective(of: $0, cronJob: cronJob.metadata.name), tick: $0) }
            .sorted { ($0.time, $0.tick.metadata.name) < ($1.time, $1.tick.metadata.name) }
        for (time, tick) in due where !draft.isSkipped(tick) {
            let request = TickRequest(
                of: tick, cronJob: cronJob, schedule: schedule, template: valid.template, time: time, zone: valid.zone)
            switch draft.observed.setbacks[tick.metadata.uid] {
            case nil: draft.plan.actions.append(.createRequest(tick: tick, request))
            case .postponed: draft.plan.retries.append(.createRequest(tick: tick, request))
            case .refused, .taken, .zoneDropped: break
            }
        }
    }

    /// Has a tick say which request was made for it, and lets the request go then; or when there is no tick any more. Also
    /// when the schedule is gone.
    static func keepWhatWasMade(_ draft: inout ScheduleDraft) {
        for tick in draft.observed.ticks where tick.served == nil && !tick.metadata.isDeleting {
            guard let request = draft.request(of: tick) else { continue }
            draft.plan.actions.append(
                .markTick(
                    name: tick.metadata.name, uid: tick.metadata.uid,
                    .init(request: request.metadata.name, uid: request.metadata.uid)))
        }
        for request in draft.observed.requests where request.metadata.finalizers.contains(ReportsAPI.Finalizer.tick) {
            guard draft.mayWrite(to: request) else { continue }
            if let tick = draft.tick(of: request) {
                guard tick.served != nil else { continue }
            } else if let uid = request.metadata.labels[ReportsAPI.Label.tickUID] {
                draft.plan.actions.append(.confirmTickIsGone(uid: uid))
            }
            draft.plan.actions.append(
                .setFinalizers(
                    request: request.metadata.name, resourceVersion: request.metadata.resourceVersion,
                    request.metadata.finalizers.filter { $0 != ReportsAPI.Finalizer.tick }))
        }
    }

    /// A tick that was deleted while its request runs takes it along: that is what `Replace` does. Not so one that went with
    /// its schedule or its CronJob. A later attempt is a person's, and isn't the schedule's to cancel.
    static func cancelWhatIsReplaced(_ draft: inout ScheduleDraft) {
        guard draft.schedule != nil, let cronJob = draft.cronJob else { return }
        for request in draft.observed.requests {
            let metadata = request.metadata
            guard draft.mayWrite(to: request), !(request.status?.isTerminal ?? false), !metadata.isDeleting,
                !request.isRestored,
                let spec = request.spec.value,
                spec.attempt ?? 1 == 1, spec.cancel != true, metadata.labels[ReportsAPI.Label.replaced] == nil,
                metadata.labels[ReportsAPI.Label.cronJobUID] == cronJob.metadata.uid,
                let uid = metadata.labels[ReportsAPI.Label.tickUID], draft.tick(of: request) == nil,
                // Its finalizer goes first; both change the same version.
                !metadata.finalizers.contains(ReportsAPI.Finalizer.tick)
            else { continue }
            draft.plan.actions += [
                .confirmTickWasDeletedAlone(
                    uid: uid, cronJob: cronJob.metadata.name, cronJobUID: cronJob.metadata.uid),
                .cancelRequest(name: metadata.name, resourceVersion: metadata.resourceVersion),
            ]
        }
    }

    /// A tick goes when its request has ended or was deleted, and the schedule's status tells of it.
    static func deleteTicksThatAreDone(_ draft: inout ScheduleDraft) {
        guard let schedule = draft.schedule else { return }
        for tick in draft.observed.ticks where !tick.metadata.isDeleting {
            guard let served = tick.served else { continue }
            if let time = draft.scheduledTime(of: tick) {
                guard let told = schedule.status?.lastScheduleTime, time <= told else { continue }
            }
            if let request = draft.request(uid: served.uid) {
                guard request.status?.isTerminal ?? false || request.metadata.isDeleting else { continue }
            } else {
                draft.plan.actions.append(.confirmRequestIsGone(name: served.request, uid: served.uid))
            }
            draft.plan.actions.append(.deleteTick(name: tick.metadata.name, uid: tick.metadata.uid))
        }
    }
}
