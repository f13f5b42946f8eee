import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Turns what changed in the cluster into the schedules that have to be looked at, by their uids: also of those that
/// are gone.
struct ScheduleRouter: Sendable {
    let cache: ScheduleCache
    let setbacks: Setbacks<ObservedSchedule.Setback>
    let api: CronJobAPI
    let pipelines: Store<ReportPipeline>
    let holidays: HolidayMaps
    let queue: WorkQueue<OwnerKey>

    /// Listens to every store.
    func connect() {
        cache.schedules.addHandler { change in
            queue.add(change.object.metadata.ownerKey)
            if case .deleted(let last) = change {
                setbacks.forget(last.metadata.uid)
                holidays.forget(last.metadata.ownerKey)
            }
        }
        cache.schedules.addReadabilityHandler { key in
            if let schedule = cache.schedules.get(key) { queue.add(schedule.metadata.ownerKey) }
        }
        cache.cronJobs.addHandler(cronJobChanged)
        cache.ticks.addHandler { change in
            if case .updated(let old, let new) = change, old.served == new.served,
                old.metadata.isDeleting == new.metadata.isDeleting
            {
                return
            }
            wake(change.object.metadata)
        }
        cache.requests.addHandler(requestChanged)
        pipelines.addHandler { change in
            if case .updated(let old, let new) = change, old.isSameSpec(as: new) { return }
            wakeSchedules(of: change.object.key)
        }
        pipelines.addReadabilityHandler(wakeSchedules)
        api.onChange { _ in cronJobsBecameOthers() }
    }

    /// What the server refused it may take now, and what it took may be of no use; no event tells of either.
    private func cronJobsBecameOthers() {
        for schedule in cache.schedules.all() {
            setbacks.forget(schedule.metadata.uid)
            queue.add(schedule.metadata.ownerKey)
        }
    }

    private func wakeSchedules(of pipeline: ObjectKey) {
        for schedule in cache.schedules(of: pipeline) { queue.add(schedule.metadata.ownerKey) }
    }

    private func cronJobChanged(_ change: StoreChange<CronJob>) {
        switch change {
        case .added(let cronJob): wake(cronJob.metadata)
        // Most of its events say when it ticked last.
        case .updated(let old, let new):
            guard
                old.spec != new.spec || old.metadata.labels != new.metadata.labels
                    || old.metadata.isDeleting != new.metadata.isDeleting
                    || old.metadata.ownerReferences != new.metadata.ownerReferences
            else { return }
            wake(new.metadata)
        case .deleted(let last):
            wake(last.metadata)
            // Another schedule may wait for the name.
            if let heir = cache.schedules.get(last.key) { queue.add(heir.metadata.ownerKey) }
        }
    }

    /// Only its beginning, its end, its deletion and its finalizers concern the schedule.
    private func requestChanged(_ change: StoreChange<ReportRequest>) {
        if case .updated(let old, let new) = change {
            guard
                old.status?.isTerminal != new.status?.isTerminal
                    || old.metadata.isDeleting != new.metadata.isDeleting
                    || old.metadata.finalizers != new.metadata.finalizers
                    || old.metadata.labels != new.metadata.labels
                    || old.spec.value?.attempt != new.spec.value?.attempt
            else { return }
            wake(old.metadata)
        }
        wake(change.object.metadata)
        // It may have lost its label.
        for tick in cache.ticks(servedBy: change.object.metadata.ownerKey) { wake(tick.metadata) }
    }

    private func wake(_ metadata: ObjectMeta) {
        if let key = metadata.scheduleKey { queue.add(key) }
    }
}

extension ReportPipeline {
    /// Whether no more than its status has changed, or what concerns nobody, such as a label.
    func isSameSpec(as other: ReportPipeline) -> Bool {
        metadata.uid == other.metadata.uid && metadata.generation == other.metadata.generation
            && metadata.generation > 0
    }
}
