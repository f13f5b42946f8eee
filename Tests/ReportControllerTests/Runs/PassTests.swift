import AsyncSupport
import HTTPTransport
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// What a pass leaves in the cluster, in the caches and of other requests.
struct PassTests {
    /// A server that keeps one write waiting until the gate opens.
    private final class HaltingServer: APITransport {
        let server: InMemoryAPIServer
        let isWaiting = Flag()
        let gate = Gate()

        init(_ server: InMemoryAPIServer) { self.server = server }

        var client: KubernetesClient {
            KubernetesClient(over: self, userAgent: "tests", logger: Logger(label: "tests")) {
                (_: Duration) throws(CancellationError) in
            }
        }

        func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            if request.method != .get, isWaiting.raise() { try? await gate.wait() }
            return try await server.send(request)
        }

        func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStreamingResponse {
            try await server.stream(request)
        }

        func closeIdleConnections() {}

        func shutdown() {}
    }

    /// A cache that knows what the server has of these.
    private func cluster(_ server: InMemoryAPIServer, _ requests: ReportRequest...) throws -> Cluster {
        for request in requests { try server.insert(request) }
        return Cluster(requests: server.all(ReportRequest.self))
    }

    /// While one of a group looks whether there is a place for it, another that has one goes on.
    @Test(.timeLimit(.minutes(5))) func whoRunsPassesNoTurnstile() async throws {
        let pipeline = PipelineSpec.chain("one").concurrency(key: "ledger", limit: 2)
        let running = ReportRequest.numbered(1, pipeline).running("one")
        let (next, last) = (ReportRequest.numbered(2, pipeline).queued(), ReportRequest.numbered(3, pipeline).queued())
        let server = InMemoryAPIServer()
        let cluster = try cluster(server, running, next, last)
        cluster.cache.jobs.observe(Job.fixture(of: running, stage: "one").complete())
        let halting = HaltingServer(server)
        let reconciler = cluster.reconciler(halting.client)
        let starting = Task { try await reconciler.reconcile(next.key) }
        try await eventually("the next one is about to take its place") { halting.isWaiting.isRaised }
        #expect(try await reconciler.reconcile(last.key) == .parked)
        #expect(try await reconciler.reconcile(running.key) != .parked)
        #expect(server.find(ReportRequest.self, "r1")?.status?.phase == .succeeded)
        halting.gate.open()
        _ = try await starting.value
        #expect(server.find(ReportRequest.self, "r2")?.status?.phase == .running)
        // Who was parked is woken.
        #expect(await cluster.woken() == ["r3"])
    }

    /// It is told by its uid from another one of its name.
    @Test("The uid of a Job that was made stands in the status", arguments: [false, true])
    func uidOfWhatWasMade(answerIsLost: Bool) async throws {
        let server = InMemoryAPIServer { call in
            answerIsLost && call.verb == .create && call.number == 0 ? .replyLost : nil
        }
        let request = ReportRequest.fixture(.chain("a")).started()
        let cluster = try cluster(server, request)
        let reconciler = cluster.reconciler(server.client)
        if answerIsLost {
            await #expect(throws: KubernetesError.self) { _ = try await reconciler.reconcile(request.key) }
            #expect(server.find(ReportRequest.self, request.metadata.name)?.stage("a")?.jobUID == nil)
        }
        _ = try await reconciler.reconcile(request.key)
        let job = try #require(server.all(Job.self).first)
        let stage = try #require(server.find(ReportRequest.self, request.metadata.name)?.stage("a"))
        #expect(stage.phase == .running && stage.job == job.metadata.name && stage.jobUID == job.metadata.uid)
        #expect(server.all(Job.self).count == 1)
        #expect(server.state.object("jobs.batch", job.key)?.json["spec"]?["podReplacementPolicy"] == "Failed")
    }

    // MARK: What is over

    @Test func whatHasEndedOfARunThatIsOverLeavesTheCache() async throws {
        let running = ReportRequest.fixture(.chain("a")).running("a")
        let job = Job.fixture(of: running, stage: "a").complete()
        let request = running.applying(RunPlanner.plan(ObservedRun(request: running, jobs: [job]), now: .start))
        #expect(request.status?.phase == .succeeded)
        let server = InMemoryAPIServer()
        let cluster = try cluster(server, request)
        cluster.cache.jobs.observe(job)
        cluster.cache.pods.observe(Pod.fixture(of: request, stage: "a").succeeded())
        #expect(try await cluster.reconciler(server.client).reconcile(request.key) == .done)
        #expect(cluster.cache.jobs.count == 0 && cluster.cache.pods.count == 0)
        #expect(cluster.cache.requests.count == 1)
    }

    /// What has ended of one that goes on is asked for again.
    @Test func whatHasEndedOfARunThatGoesOnStays() async throws {
        let server = InMemoryAPIServer()
        let request = ReportRequest.fixture(.chain("a", "b")).running("b", succeeded: ["a"])
        let cluster = try cluster(server, request)
        cluster.cache.jobs.observe(Job.fixture(of: request, stage: "a").complete())
        cluster.cache.jobs.observe(Job.fixture(of: request, stage: "b"))
        cluster.cache.pods.observe(Pod.fixture(of: request, stage: "a").succeeded())
        _ = try await cluster.reconciler(server.client).reconcile(request.key)
        #expect(cluster.cache.jobs.count == 2 && cluster.cache.pods.count == 1)
    }

    // MARK: A status that is refused

    static let refusals: [APIFault] = [
        .status(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"), .invalid,
        .status(400, "BadRequest", "the body is malformed"),
        .status(500, "InternalError", "etcdserver: request is too large"),
        .status(500, "InternalError", "rpc error: trying to send message larger than max (2098009 vs. 2097152)"),
    ]

    /// It would be written again and again, and keep its place in the queue for ever.
    @Test(arguments: refusals.indices) func aRunWhoseStatusIsRefusedEndsWithAShortOne(index: Int) async throws {
        let server = InMemoryAPIServer { call in
            guard call.subresource == "status", let accepted = call.body["status"]?["accepted"] else { return nil }
            return accepted == .null ? nil : Self.refusals[index]
        }
        let request = ReportRequest.fixture(.chain("a"))
        let cluster = try cluster(server, request)
        let reconciler = cluster.reconciler(server.client)
        #expect(try await reconciler.reconcile(request.key) == .requeue(after: .zero))
        let setback = cluster.setbacks.of(request.metadata.uid)[ObservedRun.statusSetback]
        guard case .refused(let words)? = setback else { return #expect(Bool(false), "\(String(describing: setback))") }
        _ = try await reconciler.reconcile(request.key)
        let status = try #require(server.find(ReportRequest.self, request.metadata.name)?.status)
        #expect(status.phase == .failed && status.reason == Reason.statusRefused && status.accepted == nil)
        #expect(status.message?.contains(words) == true)
        #expect(server.all(Job.self).isEmpty)
        // It is over, and what stood in its way is forgotten.
        #expect(cluster.setbacks.of(request.metadata.uid).isEmpty)
    }

    static let troubles: [APIFault] = [.forbidden, .unavailable]

    @Test("What passes by itself is no reason to end", arguments: troubles.indices)
    func passingTrouble(index: Int) async throws {
        let fault = Self.troubles[index]
        let server = InMemoryAPIServer { $0.subresource == "status" && $0.number == 0 ? fault : nil }
        let request = ReportRequest.fixture(.chain("a"))
        let cluster = try cluster(server, request)
        let reconciler = cluster.reconciler(server.client)
        let result = try? await reconciler.reconcile(request.key)
        #expect(result != .done)
        #expect(cluster.setbacks.of(request.metadata.uid).isEmpty)
        _ = try await reconciler.reconcile(request.key)
        #expect(server.find(ReportRequest.self, request.metadata.name)?.status?.accepted != nil)
    }

    /// After pauses that grow while it goes on.
    @Test func aStatusThatMetANewerRequestIsLookedAtAgain() async throws {
        let server = InMemoryAPIServer { $0.subresource == "status" && $0.number == 0 ? .conflict : nil }
        let request = ReportRequest.fixture(.chain("a"))
        let cluster = try cluster(server, request)
        let reconciler = cluster.reconciler(server.client)
        #expect(try await reconciler.reconcile(request.key) == .lookAgain)
        #expect(cluster.setbacks.of(request.metadata.uid).isEmpty)
        _ = try await reconciler.reconcile(request.key)
        #expect(server.find(ReportRequest.self, request.metadata.name)?.status?.accepted != nil)
    }
}
