import Calendars
import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning
import ZoneFiles

/// Gathers what a decision about a schedule rests on, from the caches alone.
struct ScheduleObserver: Sendable {
    let cache: ScheduleCache
    let setbacks: Setbacks<ObservedSchedule.Setback>
    let api: CronJobAPI
    let zones: ZoneFiles
    let pipelines: Store<ReportPipeline>
    /// Of what is told by way of Redis; nil where there is none.
    let untold: Outbox?
    var inlinePipelines: InlinePipelineReach = .everywhere
    let holidays: HolidayMaps

    func observe(_ key: OwnerKey) -> ObservedSchedule {
        let schedule = cache.schedule(key)
        let features = api.features
        let cronJob = schedule.map { ScheduleCronJob.name(of: $0.metadata) }
        let ticks = cache.ticks(of: key, cronJob: cronJob)
        let requests = requests(of: key, ticks)
        return ObservedSchedule(
            uid: key.uid,
            schedule: schedule,
            zone: zone(of: schedule),
            pipeline: pipeline(of: schedule),
            holidays: holidays.latest(for: key),
            inlinePipelines: inlinePipelines.permission(in: key.namespace),
            cronJobVersion: features.version,
            knowsTimeZones: features.knowsTimeZones,
            cronJob: cronJob.flatMap { cache.cronJob($0, of: key) },
            ticks: ticks.sorted { $0.key < $1.key },
            requests: requests.sorted { $0.key < $1.key },
            unreadable: Set(requests.filter { cache.requests.undecodable($0.key) != nil }.map(\.metadata.uid)),
            setbacks: setbacks.of(key.uid, generation: schedule?.metadata.generation ?? 0),
            untold: Set(requests.map(\.metadata.uid).filter { untold?.contains($0) ?? false }))
    }

    /// Those that were made for it, and those that its ticks became and that have lost their labels.
    private func requests(of key: OwnerKey, _ ticks: [Tick]) -> [ReportRequest] {
        let labelled = cache.requests(of: key)
        let known = Set(labelled.map(\.metadata.uid))
        let others = Set(ticks.compactMap(\.served?.uid)).subtracting(known)
        return labelled + others.compactMap { cache.request(OwnerKey(namespace: key.namespace, uid: $0)) }
    }

    private func pipeline(of schedule: ReportSchedule?) -> ObservedSchedule.Pipeline {
        guard let schedule, let name = schedule.spec.value?.request.spec.pipelineRef?.name else { return .unknown }
        let key = ObjectKey(namespace: schedule.metadata.namespace, name: name)
        // One that can't be read may be anything.
        guard pipelines.undecodable(key) == nil else { return .unknown }
        guard let pipeline = pipelines.get(key) else { return .missing }
        return .found(pipeline, zoneFault: zones.fault(of: pipeline.spec.value?.report?.timeZone))
    }

    private func zone(of schedule: ReportSchedule?) -> ObservedSchedule.Zone {
        guard let name = schedule?.spec.value?.timeZone else { return .known(.utc) }
        do throws(ZoneFiles.Unknown) {
            return .known(try zones.rules(name))
        } catch {
            return .unknown("spec.timeZone: \(error)")
        }
    }
}
