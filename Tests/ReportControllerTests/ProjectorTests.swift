import AsyncSupport
import KubernetesModel
import Logging
import ReportAPI
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// The loop of all who tell something outside what requests' statuses say.
struct ProjectorTests {
    @Test func aShutdownWritesWhatAnOutageHasHeldBack() async throws {
        let projector = Told(answers: [.away, .taken])
        for uid in ["a", "b", "c"] { projector.outbox.put(.fixture(uid: uid)) }
        // It is shut down while it waits for its next try.
        try await projector.runUntil(projector.wasStruck)
        #expect(projector.told == ["c", "a", "b"])
        #expect(projector.outages == 1)
        #expect(projector.outbox.count == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aShutdownDoesNotWaitForTheEndOfAnOutage() async throws {
        let projector = Told(answers: [.away], drainTimeout: .seconds(3600))
        for uid in ["a", "b", "c"] { projector.outbox.put(.fixture(uid: uid)) }
        try await projector.runUntil(projector.wasStruck)
        #expect(projector.told.isEmpty)
        #expect(projector.outbox.count == 3, "the next start tells them")
    }

    @Test(.timeLimit(.minutes(1))) func aShutdownDoesNotWaitForAServerThatHangs() async throws {
        let projector = Told(answers: [.away, .never], drainTimeout: .milliseconds(10))
        projector.outbox.put(.fixture(uid: "a"))
        try await projector.runUntil(projector.wasStruck)
        #expect(projector.told.isEmpty)
        #expect(projector.outbox.count == 1)
    }

    @Test func whoHasNoTimeForItLeavesTheRestToTheNextStart() async throws {
        let projector = Told(answers: [.away], drainTimeout: nil)
        projector.outbox.put(.fixture(uid: "a"))
        try await projector.runUntil(projector.wasStruck)
        #expect(projector.told.isEmpty)
        #expect(projector.outbox.count == 1)
    }

    @Test func oneThatIsRefusedIsTriedAgainAndHoldsUpNobody() async throws {
        let projector = Told(answers: [.refused("b"), .taken])
        for uid in ["a", "b", "c"] { projector.outbox.put(.fixture(uid: uid)) }
        try await projector.runUntil(projector.hasToldThree)
        #expect(projector.told == ["a", "c", "b"])
        #expect(projector.outages == 0)
    }

    @Test func aRestoredCopyIsNotTold() {
        let requests = Store<ReportRequest>()
        let projector = Told(answers: [.taken])
        projector.connect(to: requests)
        let request = ReportRequest.numbered(1).running("one")
        requests.observe(request)
        requests.observe(request.restored(uid: "copy", keepingStatus: true).with { $0.metadata.name = "r2" })
        #expect(projector.outbox.contains(request.metadata.uid))
        #expect(!projector.outbox.contains("copy"))
    }
}

/// Writes to nothing, as its script says, whose last answer is repeated.
private final class Told: Projector {
    enum Answer {
        case away, taken, never
        case refused(String)
    }

    struct Away: Error {}

    private struct State {
        var answers: [Answer]
        var told: [String] = []
        var outages = 0
    }

    let outbox = Outbox()
    let batchSize = 2
    let drainTimeout: Duration?
    let wasStruck = Gate()
    let hasToldThree = Gate()
    private let state: Mutex<State>

    init(answers: [Answer], drainTimeout: Duration? = .seconds(30)) {
        state = Mutex(State(answers: answers))
        self.drainTimeout = drainTimeout
    }

    var told: [String] { state.withLock { $0.told } }
    var outages: Int { state.withLock { $0.outages } }

    func news(in change: StoreChange<ReportRequest>) -> ReportRequest? { change.object }

    func write(_ batch: [ReportRequest]) async -> Result<[String: Away], Away> {
        switch state.withLock({ $0.answers.count > 1 ? $0.answers.removeFirst() : $0.answers[0] }) {
        case .taken: return .success([:])
        case .away: return .failure(Away())
        case .refused(let uid): return .success([uid: Away()])
        case .never:
            try? await Task.sleep(for: .seconds(3600))
            return .failure(Away())
        }
    }

    func written(_ request: ReportRequest, wasAnnounced: Bool) {
        let count = state.withLock { state in
            state.told.append(request.metadata.uid)
            return state.told.count
        }
        if count == 3 { hasToldThree.open() }
    }

    func refused(_ request: ReportRequest, _ trouble: Away) {}

    func mayTryAgain(_ request: ReportRequest) async -> Bool { true }

    func struck(by trouble: Away) {
        state.withLock { $0.outages += 1 }
        wasStruck.open()
    }

    /// Runs until that happens, and is then shut down as the operator is.
    func runUntil(_ gate: Gate) async throws {
        let group = ServiceGroup(services: [self], logger: Logger(label: "test"))
        async let end: Void = group.run()
        try await gate.wait()
        await group.triggerGracefulShutdown()
        try await end
    }
}
