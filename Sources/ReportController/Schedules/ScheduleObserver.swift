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
    /// Of what is told by way of Redis; nil where there is none.
    let untold: Outbox?

    func observe(_ uid: String) -> ObservedSchedule {
        let schedule = cache.schedule(uid: uid)
        let features = api.features
        let ticks = cache.ticks(ofSchedule: uid)
        let requests = requests(of: uid, ticks)
        return ObservedSchedule(
            uid: uid,
            schedule: schedule,
            zone: zone(of: schedule),
            cronJobVersion: features.version,
            knowsTimeZones: features.knowsTimeZones,
            cronJob: schedule.flatMap { schedule in
                let name = ScheduleCronJob.name(of: schedule.metadata)
                return cache.cronJobs(ofSchedule: uid).first {
                    $0.metadata.name == name && $0.metadata.controller?.uid == uid
                }
            },
            ticks: ticks.sorted { $0.key < $1.key },
            requests: requests.sorted { $0.key < $1.key },
            setbacks: setbacks.of(uid, generation: schedule?.metadata.generation ?? 0),
            untold: Set(requests.map(\.metadata.uid).filter { untold?.contains($0) ?? false }))
    }

    /// Those that carry its label, and those that its ticks became and that have lost it.
    private func requests(of uid: String, _ ticks: [Tick]) -> [ReportRequest] {
        let labelled = cache.requests(ofSchedule: uid)
        let known = Set(labelled.map(\.metadata.uid))
        let others = Set(ticks.compactMap(\.served?.uid)).subtracting(known)
        return labelled + others.flatMap { cache.requests.indexed(by: ClusterCache.Index.uid, value: $0) }
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
