import ControllerRuntime
import KubernetesClient
import KubernetesModel
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import Synchronization
import TestSupport
import Testing

@testable import ReportController

/// Kubernetes' events, which nothing waits for.
struct EventWritingTests {
    private let event = UnreadableEvent.manifest(
        of: UndecodableObject(
            namespace: "finance", name: "tb", uid: "uid-1", resourceVersion: "7", message: "expected Int"),
        kind: ReportRequest.resourceKind, component: "report-operator", at: .start)

    private func writer(_ client: KubernetesClient) -> ClusterWriter {
        ClusterWriter(client: client, program: "report_operator", metrics: MetricsRegistry())
    }

    private func tell(_ client: KubernetesClient) async throws {
        try await writer(client).tellOrGiveUp(event, namespace: "finance")
    }

    @Test func whatIsToldTwiceStandsThereOnce() async throws {
        let server = InMemoryAPIServer()
        try await tell(server.client)
        try await tell(server.client)
        #expect(server.all(Event.self).count == 1 && server.state.writes == 2)
    }

    /// The server asks to come back later, and meanwhile another one leads.
    @Test func aTryOfOneThatHasLostItsLeaseIsNotMade() async throws {
        let server = InMemoryAPIServer { $0.number == 0 ? .busy(after: 1) : nil }
        let client = server.client.writing { server.state.writes == 0 }
        let failure = await #expect(throws: KubernetesError.self) {
            try await writer(client).tell(event, namespace: "finance")
        }
        #expect(failure?.isCancelled == true)
        #expect(server.state.writes == 1 && server.all(Event.self).isEmpty)
        // While it leads, it comes back.
        let other = InMemoryAPIServer { $0.number == 0 ? .busy(after: 1) : nil }
        try await tell(other.client.writing { true })
        #expect(other.all(Event.self).count == 1)
    }

    @Test func onlyWhatMayHelpIsTriedAgain() async throws {
        let forbidden = InMemoryAPIServer { _ in .forbidden }
        await #expect(throws: TerminalError.self) { try await tell(forbidden.client) }
        let away = InMemoryAPIServer { _ in .unavailable }
        await #expect(throws: KubernetesError.self) { try await tell(away.client) }
    }
}
