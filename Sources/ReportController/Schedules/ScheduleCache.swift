import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// What the watches have told of schedules and of what is theirs.
struct ScheduleCache: Sendable {
    let schedules = Store<ReportSchedule>(
        indexers: [
            Index.uid: { ["\($0.metadata.ownerKey)"] },
            Index.pipeline: { schedule in
                guard let name = schedule.spec.value?.request.spec.pipelineRef?.name else { return [] }
                return ["\(ObjectKey(namespace: schedule.metadata.namespace, name: name))"]
            },
            Index.ready: { ["\($0.status?.ready?.isTrue ?? false)"] },
        ])
    let cronJobs = Store<CronJob>(indexers: [Index.schedule: { $0.metadata.scheduleKey.map { ["\($0)"] } ?? [] }])
    /// Jobs too, but of another selection than those of runs: a selector knows no "or".
    let ticks = Store<Tick>(
        name: "ticks",
        indexers: [
            Index.schedule: { $0.metadata.scheduleKey.map { ["\($0)"] } ?? [] },
            Index.request: { $0.servedKey.map { ["\($0)"] } ?? [] },
        ])
    let requests: Store<ReportRequest>

    init(requests: Store<ReportRequest>) {
        self.requests = requests
    }

    /// Every store, children before parents.
    var stores: [any SyncedStore] { [requests, ticks, cronJobs, schedules] }

    func schedule(_ key: OwnerKey) -> ReportSchedule? { schedules.indexed(by: Index.uid, value: "\(key)").first }

    /// Those that name the pipeline.
    func schedules(of pipeline: ObjectKey) -> [ReportSchedule] {
        schedules.indexed(by: Index.pipeline, value: "\(pipeline)")
    }

    /// `ready`: `true` or `false`.
    func countOfSchedules(ready: String) -> Int { schedules.count(by: Index.ready, value: ready) }

    private enum Index {
        static let ready = "ready"
        static let pipeline = "pipeline"
        static let uid = "uid"
        static let schedule = ClusterCache.Index.schedule
        static let request = ClusterCache.Index.request
    }

    /// The CronJob of that name that the schedule controls.
    func cronJob(_ name: String, of key: OwnerKey) -> CronJob? {
        cronJobs.indexed(by: Index.schedule, value: "\(key)").first {
            $0.metadata.name == name && $0.metadata.controller(of: ReportSchedule.resourceKind)?.uid == key.uid
        }
    }

    /// The Jobs that the schedule's CronJob owns, where its name is known still.
    func ticks(of key: OwnerKey, cronJob name: String?) -> [Tick] {
        ticks.indexed(by: Index.schedule, value: "\(key)").filter { tick in name.map(tick.isOwned) ?? true }
    }

    /// Those that say that this request was made for them.
    func ticks(servedBy request: OwnerKey) -> [Tick] { ticks.indexed(by: Index.request, value: "\(request)") }

    /// Those that were made for ticks of the schedule.
    func requests(of key: OwnerKey) -> [ReportRequest] {
        requests.indexed(by: Index.schedule, value: "\(key)").filter { $0.isMade(forSchedule: key.uid) }
    }

    func request(_ key: OwnerKey) -> ReportRequest? {
        requests.indexed(by: ClusterCache.Index.uid, value: "\(key)").first
    }
}

extension Tick {
    /// The request that was made for it.
    fileprivate var servedKey: OwnerKey? { served.map { OwnerKey(namespace: metadata.namespace, uid: $0.uid) } }
}
