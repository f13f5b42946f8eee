import AsyncSupport
import KubernetesClient
import KubernetesModel
import Logging
import MongoClient
import PrometheusMetrics
import ReportAPI
import ReportRecords
import Synchronization
import TestSupport

@testable import ControllerRuntime
@testable import ReportController
@testable import ReportStores

/// The keeper of stages' logs, with a node, a MongoDB and a clock that do as the test says.
final class StageLogBench: Sendable {
    let request: ReportRequest
    let cache = ClusterCache()
    let server = InMemoryAPIServer()
    let node = LogNode()
    let mongoDB: KeptLogs
    private let clock = HandClock()
    private let keeper: StageLogKeeper

    init(keeping logs: KeptLogs = KeptLogs()) {
        request = .fixture(.chain("one", "two")).running("one", "two")
        mongoDB = logs
        keeper = StageLogKeeper(
            store: mongoDB, client: server.client, logs: node, cache: cache, registry: MetricsRegistry(),
            clock: RuntimeClock(now: { [clock] in clock.now }, sleep: { _ in }), logger: Logger(label: "test"))
        keeper.connect()
        cache.requests.observe(request)
    }

    /// A pod of the stage that has ended, which has printed that number of lines.
    func pod(_ stage: String, lines: Int = 0) -> Pod {
        let pod = Pod.fixture(of: request, stage: stage).succeeded().with { $0.metadata.uid = "pod-of-\(stage)" }
        node.print(lines, in: pod)
        return pod
    }

    /// The keeper's turn, `seconds` after its last.
    func look(after seconds: Double = 0) async -> ReconcileResult {
        clock.advance(by: .seconds(seconds))
        return await keeper.keepLogs(of: request.key)
    }

    private final class HandClock: Sendable {
        private let time = Mutex(Duration.zero)

        var now: Duration { time.withLock { $0 } }

        func advance(by duration: Duration) { time.withLock { $0 += duration } }
    }
}

/// What is kept of logs, by the pod's name.
final class KeptLogs: StageLogStore {
    private struct State {
        var logs: [String: StageLog] = [:]
        var isAway = false
    }

    private let state = Mutex(State())

    var isAway: Bool {
        get { state.withLock { $0.isAway } }
        set { state.withLock { $0.isAway = newValue } }
    }

    func log(of pod: Pod) -> StageLog? { state.withLock { $0.logs[pod.metadata.uid] } }

    func podsWithLogs(of uid: String) async throws(StoreTrouble) -> Set<String> {
        try present()
        return state.withLock { Set($0.logs.keys) }
    }

    func keep(_ log: StageLog) async throws(StoreTrouble) {
        try present()
        state.withLock { $0.logs[log.podUID] = log }
    }

    private func present() throws(StoreTrouble) {
        if isAway { throw StoreTrouble(MongoError(kind: .unavailable, message: "away"), database: "reports") }
    }
}

/// A node with the logs of its pods.
final class LogNode: PodLogSource {
    private struct State {
        var logs: [String: [String]] = [:]
        var calls: [LogOptions] = []
        /// The number of lines after which the next reading of more than one breaks off.
        var breaksAfter: Int?
        /// What each reading adds.
        var growth = 0
    }

    private let state = Mutex(State())

    /// The readings since it was last asked, by how many lines they wanted.
    func calls() -> [LogOptions] {
        state.withLock { state in
            defer { state.calls = [] }
            return state.calls
        }
    }

    func print(_ lines: Int, in pod: Pod) { state.withLock { Self.print(lines, in: pod, &$0) } }

    func lose(_ pod: Pod) { state.withLock { $0.logs[pod.metadata.name] = nil } }

    func breakOff(after lines: Int) { state.withLock { $0.breaksAfter = lines } }

    func grow(by lines: Int) { state.withLock { $0.growth = lines } }

    private static func print(_ lines: Int, in pod: Pod, _ state: inout State) {
        let count = state.logs[pod.metadata.name, default: []].count
        state.logs[pod.metadata.name, default: []] += (count..<count + lines).map {
            "2026-10-01T06:00:00.\(String(String(1_000_000 + $0).dropFirst()))Z line \($0)"
        }
    }

    func readLog(
        of pod: Pod, _ options: LogOptions, line take: @Sendable (String) -> Void
    ) async throws(KubernetesError) {
        let (lines, isBroken) = state.withLock { state -> ([String]?, Bool) in
            state.calls.append(options)
            defer { Self.print(state.growth, in: pod, &state) }
            let tail = state.logs[pod.metadata.name].map { Array($0.suffix(options.tailLines ?? .max)) }
            guard let count = state.breaksAfter, options.tailLines != 1 else { return (tail, false) }
            state.breaksAfter = nil
            return (tail.map { Array($0.prefix(count)) }, true)
        }
        guard let lines else { throw KubernetesError(APIStatus(reason: "NotFound", code: 404)) }
        for line in lines { take(line) }
        if isBroken {
            throw KubernetesError(
                kind: .transport(.init(message: "broken", isRetryable: true, mayHaveReachedServer: true)))
        }
    }
}
