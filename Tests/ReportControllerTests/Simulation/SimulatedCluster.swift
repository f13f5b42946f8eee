import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport

/// What is around an operator: an API server, the Job controller, a kubelet, the garbage collector, MongoDB, Redis and
/// people, moved step by step.
///
/// What becomes of a stage's pod is decided by the script and how long it takes by the stage's name and the seed, so
/// that a run takes the same course whatever interferes with the operator.
struct SimulatedCluster: Sendable {
    /// What becomes of a stage's pod.
    enum Outcome: Hashable, Sendable {
        case succeeds
        case exits(Int)
        case isKilledForMemory
        case isEvicted
        /// Runs for ever.
        case hangs
        /// Never starts.
        case cannotPull
    }

    struct Script: Sendable {
        /// By stage; the rest succeeds.
        var outcomes: [String: Outcome] = [:]
        /// Outcomes of later attempts; the rest is as in the first.
        var laterOutcomes: [String: Outcome] = [:]
        /// Stages whose Jobs are never taken.
        var refused: Set<String> = []
        /// Stages whose Jobs aren't taken until that number of steps have gone.
        var postponed: [String: Int] = [:]
        /// Whether the operator has MongoDB; it is away in these steps.
        var hasStore = false
        var storeIsAway: Range<Int> = 0..<0
        /// How many rows are in MongoDB once all stages have succeeded.
        var rows = 1
        /// Whether the operator has Redis, and until which step another cluster's run holds the shared lock.
        var hasLock = false
        var lockIsTakenUntil = 0
        /// Of the courier's namespace; nil: there is no courier.
        var channels: [ReportChannel]?
        /// What becomes of what goes by these; the rest is delivered.
        var sends: [String: ReportDeliveryStatus.Phase] = [:]
    }

    /// Of one step.
    static let seconds: Int64 = 2

    let server: InMemoryAPIServer
    let script: Script
    let seed: UInt64
    private(set) var steps = 0
    /// Steps that each pod has been in its phase.
    var podAges: [String: Int] = [:]
    var lock = SimulatedLock()
    /// The phase that the record knows, by request.
    var recorded: [String: ReportRequestStatus.Phase] = [:]
    var inspector = RunInspector()
    private let faults: @Sendable (APICall) -> APIFault?

    /// `faults`: besides those that the script brings.
    init(
        script: Script = Script(), seed: UInt64 = 1,
        faults: @escaping @Sendable (APICall) -> APIFault? = { _ in nil }
    ) {
        self.script = script
        self.seed = seed
        self.faults = faults
        server = InMemoryAPIServer(faults: Self.faults(script, faults))
    }

    /// The same cluster as it was after a write, on a server of its own.
    func copy(at moment: APIState) -> SimulatedCluster { SimulatedCluster(self, moment) }

    private init(_ other: SimulatedCluster, _ moment: APIState) {
        server = InMemoryAPIServer(moment, faults: Self.faults(other.script, other.faults))
        script = other.script
        seed = other.seed
        steps = other.steps
        podAges = other.podAges
        lock = other.lock
        recorded = other.recorded
        inspector = other.inspector
        faults = other.faults
    }

    private static func faults(
        _ script: Script, _ others: @escaping @Sendable (APICall) -> APIFault?
    ) -> @Sendable (APICall) -> APIFault? {
        { call in
            if call.verb == .create, let stage = call.body["metadata"]?["labels"]?[ReportsAPI.Label.stage]?.string {
                if script.refused.contains(stage) { return .invalid }
                let step = (call.now.seconds - Timestamp.start.seconds) / seconds
                if let until = script.postponed[stage], step < until { return .forbidden }
            }
            return others(call)
        }
    }

    var now: Timestamp { server.state.now }

    var violations: [String] { inspector.violations }

    /// Lets everybody but the operator do one round; two seconds pass.
    mutating func step() {
        server.update { $0.now = $0.now.after(Self.seconds) }
        steps += 1
        runJobs()
        runPods()
        server.update { $0.collectGarbage() }
        runCourier()
        runStores()
        inspect()
    }

    /// Looks at what has happened since the last time.
    mutating func inspect() {
        let state = server.state
        inspector.inspect(state, lock: lock, recorded: recorded, script: script)
    }

    func request(_ uid: String) -> ReportRequest? { server.all(ReportRequest.self).first { $0.metadata.uid == uid } }

    /// Whether anything of the request runs, or may the next moment.
    func runs(_ uid: String) -> Bool {
        let pods = server.all(Pod.self)
        return server.all(Job.self)
            .contains { $0.requestUID == uid && !$0.isFinished && !$0.isSpent(by: pods) }
            || pods.contains { $0.metadata.labels[ReportsAPI.Label.requestUID] == uid && !$0.hasEnded }
    }

    /// The requests that truly run, or that have a place to.
    var holding: Set<String> {
        let requests = server.all(ReportRequest.self)
        let placed = requests.filter { $0.status?.phase?.holdsSlot == true }.map(\.metadata.uid)
        let pods = server.all(Pod.self)
        let owners = Set(
            server.all(Job.self).filter { !$0.isFinished && !$0.isSpent(by: pods) }.map(\.requestUID)
                + pods.filter { !$0.hasEnded }
                .map { $0.metadata.labels[ReportsAPI.Label.requestUID] ?? "" })
        return owners.union(placed)
    }
}

extension Job {
    var requestUID: String { metadata.labels[ReportsAPI.Label.requestUID] ?? "" }
    var stage: String { metadata.labels[ReportsAPI.Label.stage] ?? "" }
    var attempt: Int { metadata.labels[ReportsAPI.Label.attempt].flatMap { Int($0) } ?? 1 }
}
