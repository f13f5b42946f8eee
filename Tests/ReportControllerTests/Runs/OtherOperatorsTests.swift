import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import LoopbackSupport
import PrometheusMetrics
import ReportAPI
import ServiceLifecycle
import TestSupport
import Testing

@testable import ReportController

struct OtherOperatorsTests {
    private static let (own, other) = ("a/report-operator", "b/report-operator")

    private func request(takenBy taker: String?, also: String? = nil, createdAfter seconds: Int64 = 5) -> ReportRequest
    {
        ReportRequest.fixture().created(at: .start.after(seconds)).with {
            $0.takenBy = taker
            $0.otherOperator = also
        }
    }

    private func sighting(_ request: ReportRequest) -> OtherOperators.Sighting? {
        OtherOperators.sighting(request, own: Self.own, since: .start)
    }

    @Test func anothersNameOnARequestThatIsNewTellsOfIt() throws {
        let theirs = try #require(sighting(request(takenBy: Self.other)))
        #expect(theirs.other == Self.other && theirs.isTheirs)
        #expect(sighting(request(takenBy: Self.own)) == nil)
        let told = try #require(sighting(request(takenBy: Self.own, also: Self.other)))
        #expect(told.other == Self.other && !told.isTheirs)
    }

    /// One of before may be of an operator that is gone, and a restored one of another cluster.
    @Test func whatMayBeOfAnOperatorThatIsGoneTellsNothing() {
        #expect(sighting(request(takenBy: Self.other, createdAfter: -1)) == nil)
        #expect(sighting(request(takenBy: Self.other).with { $0.acceptedUID = "another" }) == nil)
        #expect(sighting(request(takenBy: nil)) == nil)
    }

    /// So that the other notices, too.
    @Test(.timeLimit(.minutes(5))) func itIsToldAtTheRequestAndInAnEvent() async throws {
        let server = InMemoryAPIServer()
        try server.insert(request(takenBy: Self.other))
        let cluster = Cluster(requests: server.all(ReportRequest.self))
        let metrics = MetricsRegistry()
        let others = OtherOperators(
            own: Self.own,
            writer: ClusterWriter(client: server.client, program: "report_operator", metrics: metrics),
            requests: cluster.cache.requests, metrics: metrics,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, now: { Timestamp.start.date })
        others.connect()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await others.controller.run() }
            await #expect(throws: Never.self) {
                try await eventually("it is told") { server.all(Event.self).count == 1 }
            }
            group.cancelAll()
        }
        let told = try #require(server.all(ReportRequest.self).first)
        #expect(told.takenBy == Self.other && told.otherOperator == Self.own)
        #expect(cluster.cache.requests.get(told.key)?.otherOperator == Self.own)
    }

    @Test func namesComeAndGoByAnnotations() throws {
        let manifest = try JSONValue(encoding: request(takenBy: Self.own, also: Self.other))
        #expect(manifest["metadata"]?["annotations"]?["reports.ers.dev/operator"] == .string(Self.own))
        #expect(try manifest.decoded(ReportRequest.self).otherOperator == Self.other)
    }
}
