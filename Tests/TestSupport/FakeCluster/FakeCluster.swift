package import KubernetesModel
package import ReportAPI
import ReportPlanning
package import ReportRecords

/// A cluster as far as the planner sees it: an API server with optimistic locking, a Job controller and a kubelet,
/// moved step by step. A value, so that a copy is a cluster on which something else happens.
///
/// What becomes of a stage's pod is decided by the script and how long it takes by the stage's name and the seed, so
/// that a run takes the same course whoever interferes with the operator.
package struct FakeCluster: Sendable {
    /// What becomes of a stage's pod.
    package enum Outcome: Hashable, Sendable {
        case succeeds
        case exits(Int)
        case isKilledForMemory
        case isEvicted
        /// Runs for ever.
        case hangs
        /// Never starts.
        case cannotPull
    }

    /// What a watch cache may show at one moment.
    package struct World: Hashable, Sendable {
        package var requests: [String: ReportRequestSnapshot] = [:]
        package var jobs: [String: FakeJob] = [:]
        package var pods: [String: FakePod] = [:]
    }

    package struct Script: Sendable {
        /// By stage; the rest succeeds.
        package var outcomes: [String: Outcome]
        /// Outcomes of later attempts; the rest is as in the first.
        package var laterOutcomes: [String: Outcome]
        /// Stages whose Jobs are never taken.
        package var refused: Set<String>
        /// Stages whose Jobs aren't taken until so many steps have gone.
        package var postponed: [String: Int]
        /// Whether the operator has MongoDB; it is away in these steps.
        package var hasStore = false
        package var storeIsAway: Range<Int> = 0..<0
        /// Whether the operator has Redis, and until which step another cluster's run holds the shared lock.
        package var hasLock = false
        package var lockIsTakenUntil = 0

        package init(
            outcomes: [String: Outcome] = [:], laterOutcomes: [String: Outcome] = [:], refused: Set<String> = [],
            postponed: [String: Int] = [:]
        ) {
            self.outcomes = outcomes
            self.laterOutcomes = laterOutcomes
            self.refused = refused
            self.postponed = postponed
        }
    }

    package var now = Timestamp.start
    package private(set) var steps = 0
    package var world = World()
    package var claims: Set<String> = []
    /// What the record knows of each request, and how it knows that it ended.
    package var recorded: [String: RecordMark] = [:]
    package var recordedPhases: [String: ReportRequestStatus.Phase] = [:]
    package var lock = FakeLock()
    package let script: Script
    package let seed: UInt64
    /// How often a Job of that name was truly made.
    package var creations: [String: Int] = [:]
    package var claimCreations: [String: Int] = [:]
    /// Stages that truly succeeded: request uid and stage.
    package var succeededStages: Set<String> = []
    /// What must never be and was.
    package var violations: [String] = []
    /// The phases that were written, for each request: runs of one phase once.
    package var phases: [String: [ReportRequestStatus.Phase]] = [:]
    /// What the world was like, the latest last.
    package private(set) var history: [World] = []
    private var lastResourceVersion = 100

    package init(script: Script = Script(), seed: UInt64 = 1) {
        self.script = script
        self.seed = seed
        history = [world]
    }

    package mutating func nextResourceVersion() -> String {
        lastResourceVersion += 1
        return String(lastResourceVersion)
    }

    /// Lets the cluster's own controllers do one round; two seconds pass.
    package mutating func step() {
        now = now.after(2)
        steps += 1
        runJobs()
        runPods()
        runStores()
        check()
    }

    /// Keeps what the world is like now for observations that come late.
    package mutating func remember() {
        guard history.last != world else { return }
        history.append(world)
        if history.count > 24 { history.removeFirst() }
    }

    package func request(_ uid: String) -> ReportRequest? { world.requests[uid]?.request }
}

/// A request as the API server keeps it, comparable by its version.
package struct ReportRequestSnapshot: Hashable, Sendable {
    package var request: ReportRequest

    package static func == (left: ReportRequestSnapshot, right: ReportRequestSnapshot) -> Bool {
        left.request.metadata.resourceVersion == right.request.metadata.resourceVersion
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(request.metadata.resourceVersion) }
}

package struct FakeJob: Hashable, Sendable {
    package var job: Job
    package var stage: String
    package var attempt: Int
    package var owner: String
    package var deadline: Timestamp?
    /// Whether the Job controller has announced its failure already.
    package var failsFor: String?
}

package struct FakePod: Hashable, Sendable {
    package var pod: Pod
    package var job: String
    package var owner: String
    package var stage: String
    package var attempt: Int
    /// Steps that it has been in its phase.
    package var age = 0
}
