import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport

/// What is around the schedules' half of an operator: an API server, the CronJob controller, the garbage collector, the
/// operator's other half, and people. One schedule, every minute; a step takes twenty seconds.
struct ScheduleCluster: Sendable {
    struct Script: Sendable {
        /// How many steps the run of the first tick takes, of the second, and so on, over again.
        var durations: [Int] = [2]
        /// Which of them fail, by the same count; over again.
        var failing: Set<Int> = []
        /// Whether its API server takes requests before that step.
        var takesRequestsFrom = 0
        /// Whether it keeps CronJobs' time zones before that step.
        var keepsZonesFrom = 0
        /// Schedules that it refuses.
        var refused: Set<String> = []
    }

    static let uid = "0a0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11"
    static let name = "nightly"
    /// Of one step.
    static let seconds: Int64 = 20

    let server: InMemoryAPIServer
    let script: Script
    private(set) var steps = 0
    /// Every tick that ever was, in order.
    var tickUIDs: [String] = []
    /// What somebody else than the operator has deleted: ticks, and requests.
    var deletedByOthers: Set<String> = []
    /// Requests that run, by uid, and how many steps for.
    var ages: [String: Int] = [:]
    var lastScheduled: Timestamp?
    var inspector = ScheduleInspector()

    init(_ spec: ReportScheduleSpec, script: Script = Script()) {
        self.script = script
        var state = APIState()
        state.admission = { resource, json, now in Self.admit(resource, json, script, at: now) }
        server = InMemoryAPIServer(state, faults: Self.faults(script))
        try? server.insert(
            ReportSchedule(
                metadata: ObjectMeta(
                    name: Self.name, namespace: "finance", uid: Self.uid, creationTimestamp: .start),
                spec: spec))
        try? server.insert(Self.pipeline)
    }

    /// The one that the schedule names.
    static let pipeline = ReportPipeline.fixture(
        "trial-balance", .chain("a").parameters(.init(name: "period", type: .month, required: true)))

    /// The same cluster as it was after a write, on a server of its own.
    func copy(at moment: APIState) -> ScheduleCluster { ScheduleCluster(self, moment) }

    private init(_ other: ScheduleCluster, _ moment: APIState) {
        server = InMemoryAPIServer(moment, faults: Self.faults(other.script))
        script = other.script
        steps = other.steps
        tickUIDs = other.tickUIDs
        deletedByOthers = other.deletedByOthers
        ages = other.ages
        lastScheduled = other.lastScheduled
        inspector = other.inspector
    }

    private static func step(at now: Timestamp) -> Int { Int((now.seconds - Timestamp.start.seconds) / seconds) }

    private static func faults(_ script: Script) -> @Sendable (APICall) -> APIFault? {
        { call in
            if let schedule = call.body["spec"]?["schedule"]?.string, script.refused.contains(schedule) {
                return call.resource == "cronjobs.batch" ? .invalid : nil
            }
            let isOfTick = call.body["metadata"]?["labels"]?[ReportsAPI.Label.tickUID] != nil
            if call.verb == .create, isOfTick, step(at: call.now) < script.takesRequestsFrom { return .forbidden }
            return nil
        }
    }

    /// Some servers drop time zones; the field `zoneDropped` says so to the inspector alone.
    private static func admit(_ resource: String, _ json: JSONValue, _ script: Script, at now: Timestamp) -> JSONValue {
        guard resource == "cronjobs.batch" else { return json }
        return json.editing("spec") { spec in
            let drops = spec["timeZone"]?.string != nil && step(at: now) < script.keepsZonesFrom
            return drops
                ? spec.setting("timeZone", nil).setting("zoneDropped", .bool(true)) : spec.setting("zoneDropped", nil)
        }
    }

    var now: Timestamp { server.state.now }

    var violations: [String] { inspector.violations }

    var cronJob: CronJob? { server.all(CronJob.self).first }

    var schedule: ReportSchedule? { server.all(ReportSchedule.self).first }

    var ticks: [Tick] { server.all(Tick.self) }

    var requests: [ReportRequest] { server.all(ReportRequest.self) }

    /// Lets everybody but the operator do one round; twenty seconds pass.
    mutating func step() {
        server.update { $0.now = $0.now.after(Self.seconds) }
        steps += 1
        server.update { $0.collectGarbage() }
        runRequests()
        tickWhenDue()
        inspect()
    }

    mutating func inspect() { inspector.inspect(server.state, deletedByOthers: deletedByOthers) }
}
