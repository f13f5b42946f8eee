import ControllerRuntime
import KubernetesModel
import ReportAPI

/// What the watches have told of schedules and of what is theirs.
struct ScheduleCache: Sendable {
    let schedules = Store<ReportSchedule>(indexers: [Index.uid: { [$0.metadata.uid] }])
    let cronJobs = Store<CronJob>(indexers: [Index.schedule: { $0.metadata.scheduleUID }])
    /// Jobs too, but of another selection than those of runs: a selector knows no "or".
    let ticks = Store<Tick>(
        name: "ticks",
        indexers: [
            Index.schedule: { $0.metadata.scheduleUID },
            Index.request: { $0.served.map { [$0.uid] } ?? [] },
        ])
    let requests: Store<ReportRequest>

    init(requests: Store<ReportRequest>) {
        self.requests = requests
    }

    /// Every store, children before parents.
    var stores: [any SyncedStore] { [requests, ticks, cronJobs, schedules] }

    func schedule(uid: String) -> ReportSchedule? { schedules.indexed(by: Index.uid, value: uid).first }

    private enum Index {
        static let uid = "uid"
        static let schedule = ClusterCache.Index.schedule
        static let request = ClusterCache.Index.request
    }

    func cronJobs(ofSchedule uid: String) -> [CronJob] { cronJobs.indexed(by: Index.schedule, value: uid) }

    func ticks(ofSchedule uid: String) -> [Tick] { ticks.indexed(by: Index.schedule, value: uid) }

    /// Those that say that this request was made for them.
    func ticks(servedBy requestUID: String) -> [Tick] { ticks.indexed(by: Index.request, value: requestUID) }

    func requests(ofSchedule uid: String) -> [ReportRequest] { requests.indexed(by: Index.schedule, value: uid) }
}
