package import KubernetesModel
package import ReportAPI
import ReportPlanning

/// A cluster as far as the planner of schedules sees it: an API server with optimistic locking, a CronJob controller, a
/// garbage collector, an operator for requests, and people. One schedule, every minute; a step takes twenty seconds.
///
/// A value, so that a copy is a cluster on which something else happens.
package struct FakeScheduleCluster: Sendable {
    /// What a watch cache may show at one moment.
    package struct World: Hashable, Sendable {
        package var schedule: Versioned<ReportSchedule>?
        package var cronJob: Versioned<CronJob>?
        /// By uid.
        package var ticks: [String: Versioned<Tick>] = [:]
        package var requests: [String: Versioned<ReportRequest>] = [:]
    }

    package struct Script: Sendable {
        /// How many steps the run of the first tick takes, of the second, and so on, over again.
        package var durations: [Int]
        /// Which of them fail, by the same count; over again.
        package var failing: Set<Int>
        /// Whether its API server takes requests before that step.
        package var takesRequestsFrom: Int
        /// Whether it keeps CronJobs' time zones before that step.
        package var keepsZonesFrom: Int
        /// Schedules that it refuses.
        package var refused: Set<String>

        package init(
            durations: [Int] = [2], failing: Set<Int> = [], takesRequestsFrom: Int = 0, keepsZonesFrom: Int = 0,
            refused: Set<String> = []
        ) {
            self.durations = durations
            self.failing = failing
            self.takesRequestsFrom = takesRequestsFrom
            self.keepsZonesFrom = keepsZonesFrom
            self.refused = refused
        }
    }

    package static let uid = "0a0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11"
    package static let name = "nightly"

    package var now = Timestamp.start
    package private(set) var steps = 0
    package var world = World()
    package let script: Script
    /// What must never be and was.
    package var violations: [String] = []
    /// Every tick that ever was, in order, and how many requests were made for it.
    package var tickUIDs: [String] = []
    package var creations: [String: Int] = [:]
    /// Ticks that were deleted while their CronJob stayed, by people or by `Replace`.
    package var deletedAlone: Set<String> = []
    /// What became of each request at last, by name: also of those that are gone.
    package var ends: [String: String] = [:]
    /// Requests that run, by uid, and how many steps for.
    package var ages: [String: Int] = [:]
    package var lastScheduled: Timestamp?
    package var knowsTimeZones = true
    /// What the world was like, the latest last.
    package private(set) var history: [World] = []
    private var lastResourceVersion = 100

    package init(_ spec: ReportScheduleSpec, script: Script = Script()) {
        self.script = script
        world.schedule = Versioned(
            ReportSchedule(
                metadata: ObjectMeta(
                    name: Self.name, namespace: "finance", uid: Self.uid, resourceVersion: "1", generation: 1,
                    creationTimestamp: .start),
                spec: spec))
        history = [world]
    }

    package mutating func nextResourceVersion() -> String {
        lastResourceVersion += 1
        return String(lastResourceVersion)
    }

    /// Lets everybody but the operator do one round; twenty seconds pass.
    package mutating func step() {
        now = now.after(20)
        steps += 1
        collectGarbage()
        runRequests()
        tickWhenDue()
        remember()
    }

    /// Keeps what the world is like now for observations that come late.
    package mutating func remember() {
        guard history.last != world else { return }
        history.append(world)
        if history.count > 24 { history.removeFirst() }
    }

    package func request(ofTick uid: String) -> ReportRequest? {
        world.requests.values.map(\.object).first { $0.metadata.labels[ReportsAPI.Label.tickUID] == uid }
    }
}

/// An object as the API server keeps it, comparable by its version.
package struct Versioned<R: KubernetesResource>: Hashable, Sendable {
    package var object: R

    package init(_ object: R) { self.object = object }

    package static func == (left: Self, right: Self) -> Bool {
        left.object.metadata.uid == right.object.metadata.uid
            && left.object.metadata.resourceVersion == right.object.metadata.resourceVersion
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(object.metadata.resourceVersion) }
}
