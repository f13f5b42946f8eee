import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// Specs that the API server took and nobody here can use.
struct RefusedSpecTests {
    private let server = InMemoryAPIServer()
    private let store = ClusterCache().requests
    private let metrics = MetricsRegistry()
    private let resource = ReportRequest.resourceKind.qualifiedName
    private let source: ClientListerWatcher<ReportRequest>

    init() {
        source = ClientListerWatcher(client: server.client)
        _ = Reflector(
            store: store, source: source, name: resource,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics)
        store.replace(with: [], resourceVersion: "1")
    }

    private func make(_ name: String, _ spec: JSONValue) throws {
        _ = try server.make(resource, ["metadata": ["name": .string(name)], "spec": spec], namespace: "finance")
    }

    private func count() async throws -> String? {
        try await store.catchUp(with: source)
        return metrics.render().split(separator: "\n").first { $0.hasPrefix("store_refused_specs{") }.map { String($0) }
    }

    @Test func theyAreCountedAndNotKept() async throws {
        try make("good", ["pipelineRef": ["name": "daily"]])
        try make("large", ["parameters": ["p": .string(String(repeating: "x", count: Decoded<String>.maximumBytes))]])
        try make("odd", ["pipelineRef": ["name": "daily"], "priority": "high"])
        let label = #"store_refused_specs{resource="reportrequests.reports.ers.dev"} "#
        #expect(try await count() == label + "2")
        let large = try #require(store.get(ObjectKey(namespace: "finance", name: "large")))
        #expect(large.spec.value == nil && large.specFault?.contains("at most 524288 are allowed") == true)
        #expect(store.get(ObjectKey(namespace: "finance", name: "odd"))?.specFault?.contains("spec.priority") == true)
        #expect(store.get(ObjectKey(namespace: "finance", name: "good"))?.specFault == nil)
        // They can be read as far as their owner's name goes, so they aren't among those that can't.
        #expect(store.undecodable.isEmpty)
        // One is mended, one deleted.
        let mended: JSONValue = ["spec": ["parameters": .null, "pipelineRef": ["name": "daily"]]]
        try server.patch(ReportRequest.self, large.key, mended)
        #expect(try await count() == label + "1")
        store.observeDeletion(of: try #require(store.get(ObjectKey(namespace: "finance", name: "odd"))))
        #expect(try await count() == label + "0")
    }
}
