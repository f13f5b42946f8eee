import KubernetesClient
import KubernetesModel
import PrometheusMetrics
import TestSupport
import Testing

@testable import ControllerRuntime

struct ClusterWriterTests {
    private let server = InMemoryAPIServer()
    private let store = Store<Job>()
    private let metrics = MetricsRegistry()
    private let key = ObjectKey.job("a")

    /// A store that knows of a Job what it was before somebody else changed it.
    init() throws {
        try server.insert(Job.named("a", version: 1))
        store.replace(with: server.all(Job.self), resourceVersion: server.state.version)
        try server.patch(Job.self, key, .metadata(["labels": .strings(["by": "another"])]))
    }

    private func label(_ writer: ClusterWriter) async throws -> Job? {
        let version = store.get(key)?.metadata.resourceVersion ?? ""
        return try await writer.patch(
            store, name: "a", namespace: key.namespace,
            merge: JSONValue.metadata(["resourceVersion": .string(version), "labels": .strings(["own": "yes"])]))
    }

    /// The next look must not rest on the same old copy, and meet the same conflict.
    @Test func whatMetSomethingNewerIsReadAgain() async throws {
        let writer = ClusterWriter(client: server.client, program: "report_operator", metrics: metrics)
        await #expect(throws: Stale.self) { _ = try await label(writer) }
        #expect(store.get(key)?.metadata.labels == ["by": "another"])
        #expect(metrics.render().contains("report_operator_status_conflicts_total 1\n"))
        #expect(try await label(writer)?.metadata.labels == ["by": "another", "own": "yes"])
        #expect(store.get(key)?.metadata.labels == ["by": "another", "own": "yes"])
    }

    /// One without the right to get it waits for its watch.
    @Test func whoMayNotReadItAgainDoesNot() async throws {
        let writer = ClusterWriter(
            client: server.client, program: "report_courier", metrics: metrics, readsBack: false)
        await #expect(throws: Stale.self) { _ = try await label(writer) }
        #expect(store.get(key)?.metadata.labels == [:])
    }

    @Test func whatIsGoneIsNoFailure() async throws {
        try server.delete(Job.self, key)
        let writer = ClusterWriter(client: server.client, program: "report_operator", metrics: metrics)
        #expect(try await label(writer) == nil)
    }
}
