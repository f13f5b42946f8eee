import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// Requests that go while a pass for them is under way, or while they run.
struct GoneRequestTests {
    /// The answer to the write of its start is lost, the watch tells of its deletion meanwhile, and then the API server is
    /// away: whether it has taken its place can't be read back, and nobody will ask again.
    @Test func oneThatIsGoneHoldsNoPlaceThoughItsStartIsInDoubt() async throws {
        let request = ReportRequest.numbered(1)
        let cluster = Cluster(requests: [request])
        await cluster.connect()
        let server = InMemoryAPIServer { call in
            guard call.verb == .patch else { return .requestLost }
            cluster.cache.requests.observeDeletion(of: request)
            return .replyLost
        }
        try server.insert(request)
        let reconciler = cluster.reconciler(server.client)
        await #expect(throws: (any Error).self) { _ = try await reconciler.reconcile(request.key) }
        let group = try #require(cluster.cache.concurrencyGroup(of: request))
        #expect(cluster.doubts.inGroup(group.id).isEmpty)
    }

    /// Without MongoDB and Redis nothing keeps a request that runs.
    @Test func whatWasSeenOfOneThatIsDeletedAsItRunsIsForgotten() async throws {
        let request = ReportRequest.numbered(1).running("one")
        let cluster = Cluster(requests: [request])
        cluster.cache.jobs.observe(Job.fixture(of: request, stage: "one"))
        let reconciler = cluster.reconciler(InMemoryAPIServer().client)
        _ = try? await reconciler.reconcile(request.key)
        #expect(cluster.observer.seen.count == 1)
        cluster.cache.requests.observeDeletion(of: request)
        #expect(try await reconciler.reconcile(request.key) == .done)
        #expect(cluster.observer.seen.count == 0)
    }
}
