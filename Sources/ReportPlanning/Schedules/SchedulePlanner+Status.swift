import Calendars
import KubernetesModel
import ReportAPI

extension SchedulePlanner {
    /// What is told of the schedule. While its CronJob is being made or mended there is more to tell soon, so it waits.
    static func describe(_ draft: inout ScheduleDraft) {
        guard let schedule = draft.schedule, !changesCronJob(draft.plan.actions) else { return }
        var status = schedule.status ?? ReportScheduleStatus()
        let active = active(draft)
        status.observedGeneration = schedule.metadata.generation
        status.cronJob = draft.observed.cronJob?.metadata.name
        status.active = active.isEmpty ? nil : active
        status.activeCount = active.count
        let times = draft.observed.ticks.filter { tick in draft.cronJob.map(tick.belongs) ?? false }
            .compactMap(draft.scheduledTime)
        status.lastScheduleTime = ([status.lastScheduleTime] + times).compactMap(\.self).max()
        let skipped = draft.observed.ticks.filter(draft.isSkipped).compactMap(draft.scheduledTime)
        status.lastSkippedTime = ([status.lastSkippedTime] + skipped).compactMap(\.self).max()
        let next = next(draft, last: status.lastScheduleTime)
        status.nextScheduleTime = next.time
        let successes = draft.observed.requests.filter { $0.status?.phase == .succeeded }
            .compactMap { $0.status?.completedAt }
        status.lastSuccessfulTime = ([status.lastSuccessfulTime] + successes).compactMap(\.self).max()
        // No event says that the CronJob controller has given up.
        for time in [missed(draft).wakeAt, graceEnd(draft), next.wakeAt].compactMap(\.self) {
            draft.plan.wakeAt = min(time, draft.plan.wakeAt ?? time)
        }
        if let (isReady, reason, message) = readiness(draft) {
            let before = status.ready
            let value = isReady ? "True" : "False"
            let condition = Condition(
                type: ReportScheduleStatus.readyCondition, status: value, reason: reason, message: message,
                lastTransitionTime: before?.status == value ? before?.lastTransitionTime : draft.now,
                observedGeneration: schedule.metadata.generation)
            status.conditions = (status.conditions ?? []).filter { $0.type != condition.type } + [condition]
        }
        draft.plan.status = status == schedule.status ? nil : status
    }

    private static func changesCronJob(_ actions: [ScheduleAction]) -> Bool {
        actions.contains { action in
            switch action {
            case .createCronJob, .updateCronJob: true
            case .createRequest, .markTick, .setFinalizers, .confirmTickIsGone, .confirmRequestIsGone,
                .confirmTickWasDeletedAlone, .confirmTickIsUnserved, .cancelRequest, .deleteTick, .deleteRequest:
                false
            }
        }
    }

    private static func active(_ draft: ScheduleDraft) -> [ReportScheduleStatus.ActiveRequest] {
        let before = draft.schedule?.status?.active ?? []
        return draft.observed.requests.filter { !($0.status?.isTerminal ?? false) && !$0.isRestored }
            .map { request in
                let name = request.metadata.name
                let tick = draft.tick(of: request)
                let time = tick.map {
                    ScheduledTime.effective(of: $0, cronJob: draft.observed.cronJob?.metadata.name ?? "")
                }
                return .init(name: name, scheduledTime: time ?? before.first { $0.name == name }?.scheduledTime)
            }
            .sorted { ($0.scheduledTime?.seconds ?? 0, $0.name) < ($1.scheduledTime?.seconds ?? 0, $1.name) }
    }

    /// Nil while the CronJob that it had is going.
    private static func readiness(_ draft: ScheduleDraft) -> (isReady: Bool, reason: String, message: String)? {
        guard let schedule = draft.schedule else { return nil }
        if let fault = draft.fault {
            return (false, fault.reason, "\(fault.message); no reports are created until this is fixed")
        }
        if let undecided = draft.undecided {
            // What was said of this spec before the operator was started again is right, most likely.
            let isTold = schedule.status?.ready?.observedGeneration == schedule.metadata.generation
            return isTold ? nil : (false, undecided.reason, "\(undecided.message); no reports are created until it is")
        }
        let name = ScheduleCronJob.name(of: schedule.metadata)
        switch draft.observed.setbacks[name] {
        case .refused(let message)?:
            return (false, Reason.cronJobRefused, "the API server refuses the CronJob: \(message)")
        case .postponed(let message)?:
            return (false, Reason.cronJobNotCreated, "the CronJob can't be made or changed yet: \(message)")
        case .zoneDropped?:
            return (
                false, Reason.timeZoneUnsupported,
                "\(ScheduleDraft.Fault.noZones.message); no reports are created until this is fixed"
            )
        case .taken?:
            return (
                false, Reason.cronJobNameTaken,
                "there is a CronJob \"\(name)\" that isn't this schedule's; delete it, or give the schedule another name"
            )
        case nil: break
        }
        guard draft.cronJob != nil else { return nil }
        if let awaited = draft.awaited {
            return (
                false, awaited.reason,
                "\(awaited.message); its times wait, and no reports are created until this is fixed"
            )
        }
        let unserved = draft.observed.ticks.compactMap { tick in
            draft.observed.setbacks[tick.metadata.uid].map { (tick.metadata.name, $0) }
        }
        if let (tick, setback) = unserved.min(by: { $0.0 < $1.0 }) {
            return (false, Reason.requestNotCreated, "the request of tick \(tick) can't be made: \(setback.message)")
        }
        if draft.valid?.spec.suspend ?? false {
            return (true, Reason.suspended, "suspended: there are no more ticks until spec.suspend is false")
        }
        if let since = missed(draft).since {
            return (
                false, Reason.tooManyMissed,
                "more than \(missedLimit) scheduled times have been missed since \(since), and this cluster's CronJob "
                    + "controller gives up then; set spec.startingDeadlineSeconds, such as to 120"
            )
        }
        if let (reason, message) = inVain(draft) { return (false, reason, message) }
        return (true, Reason.scheduled, "CronJob \"\(name)\" ticks as the schedule says")
    }
}

extension SchedulePlanner {
    private static let missedLimit = 100

    /// From when on more times were missed than the CronJob controller before Kubernetes 1.21 counts, which then makes no
    /// tick any more until a deadline bounds them; nil where it goes on. And when to look again.
    /// Source: getRecentUnmetScheduleTimes of pkg/controller/cronjob/utils.go, 1.20.
    private static func missed(_ draft: ScheduleDraft) -> (since: Timestamp?, wakeAt: Timestamp?) {
        guard draft.observed.cronJobVersion == "v1beta1", let cronJob = draft.cronJob, let valid = draft.valid,
            !(valid.spec.suspend ?? false),
            var time = cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp,
            let expression = try? CronExpression(cronJob.spec.schedule)
        else { return (nil, nil) }
        if let deadline = cronJob.spec.startingDeadlineSeconds {
            time = max(time, draft.now.adding(-Int64(deadline)))
        }
        let since = time
        for _ in 0...missedLimit {
            guard let next = expression.next(after: time, in: valid.zone) else { return (nil, nil) }
            time = next
        }
        // A deadline moves with the time, so that nothing is to be looked for.
        guard time > draft.now else { return (since, draft.now.adding(300)) }
        return (nil, cronJob.spec.startingDeadlineSeconds == nil ? min(time, draft.now.adding(86_400)) : nil)
    }
}

extension ObservedSchedule.Setback {
    fileprivate var message: String {
        switch self {
        case .refused(let message), .postponed(let message): message
        case .taken: "something else has its name"
        case .zoneDropped: "it has lost its time zone"
        }
    }
}
