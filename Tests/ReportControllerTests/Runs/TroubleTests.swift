import AsyncSupport
import KubernetesClient
import KubernetesModel
import Logging
import Metrics
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// What is read of a Job's events, and in which order requests of one second stand.
struct TroubleTests {
    private let request = ReportRequest.numbered(1).running("one")
    private let troubles = Troubles()

    private func read(_ server: InMemoryAPIServer) async throws {
        let cache = ClusterCache()
        let metrics = MetricsRegistry()
        let applier = RunApplier(
            writer: ClusterWriter(client: server.client, metrics: metrics), cache: cache,
            setbacks: Setbacks<ObservedRun.Setback>(), troubles: troubles, doubts: PlaceDoubts(),
            locks: SharedLocks(isConfigured: false), metrics: ReportMetrics(registry: metrics, cache: cache),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let plan = RunPlan(actions: [
            .readEvents(kind: "Job", name: "r1-one", uid: "job-1", at: .start.after(15))
        ])
        try await applier.apply(plan, to: request)
    }

    private func event(of uid: String, _ message: String) -> JSONValue {
        .object([
            "apiVersion": .string("v1"), "kind": .string("Event"), "type": .string("Warning"),
            "reason": .string("FailedCreate"),
            "metadata": .object(["name": .string("e-\(uid)")]), "message": .string(message),
            "involvedObject": .object(["kind": .string("Job"), "uid": .string(uid)]),
        ])
    }

    @Test func onlyTheJobsOwnEventsCount() async throws {
        let server = InMemoryAPIServer()
        let (own, other) = (
            event(of: "job-1", "Error creating: pods \"r1-one-\" is forbidden: no service account"),
            event(of: "job-2", "something else")
        )
        for manifest in [own, other] {
            _ = try await server.client.create(Event.self, manifest: manifest, namespace: "finance")
        }
        try await read(server)
        #expect(
            troubles.of(request.metadata.uid)["job-1"]
                == .init(
                    readAt: .start.after(15), reason: "FailedCreate",
                    message: "its pod is forbidden: no service account"))
        troubles.forget(request.metadata.uid)
        #expect(troubles.of(request.metadata.uid).isEmpty)
    }

    @Test func eventsThatMayNotBeReadHoldNothingUp() async throws {
        try await read(InMemoryAPIServer { _ in .forbidden })
        #expect(troubles.of(request.metadata.uid)["job-1"] == .init(readAt: .start.after(15)))
    }

    /// To set its finalizers gives a request another version.
    @Test func arrivalIsTheVersionAtWhichARequestWasFirstSeen() {
        let requests = (1...2).map { number in
            ReportRequest.numbered(number).created(at: .start).with {
                $0.metadata.uid = "uid-\(9 - number)"
                $0.metadata.resourceVersion = "\(10 + number)"
            }
        }
        let cluster = Cluster(requests: requests)
        #expect(cluster.observer.observe(requests[0].key)?.arrival == "11")
        cluster.cache.requests.record(requests[0].with { $0.metadata.resourceVersion = "20" })
        #expect(cluster.observer.observe(requests[0].key)?.arrival == "11")
        #expect(cluster.observer.observe(requests[0].key)?.queue.waitingAhead == 0)
        #expect(cluster.observer.observe(requests[1].key)?.queue.waitingAhead == 1)
    }
}
