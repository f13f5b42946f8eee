import ControllerRuntime
import KubernetesModel
import ReportAPI
import Testing

@testable import GatewayServer

/// Pages of the list are kept for as long as the caches say the same.
struct CacheStateTests {
    @Test func everyChangeOfARequestOrOfAPipelineIsAnotherState() {
        let cache = GatewayCache()
        var seen = [cache.state.number]
        cache.requests.record(Self.request(version: "1"))
        seen.append(cache.state.number)
        cache.requests.record(Self.request(version: "2"))
        seen.append(cache.state.number)
        cache.pipelines.record(
            ReportPipeline(metadata: Self.metadata(version: "3"), spec: PipelineSpec(stages: [])))
        seen.append(cache.state.number)
        #expect(Set(seen).count == 4)
        // What changes nothing keeps what was made.
        cache.requests.record(Self.request(version: "2"))
        #expect(cache.state.number == seen.last)
    }

    @Test func namespacesAreThoseWithAnythingOfOurs() {
        let cache = GatewayCache()
        #expect(cache.namespaces.isEmpty)
        cache.requests.record(Self.request(version: "1"))
        #expect(cache.namespaces == ["finance"])
    }

    private static func metadata(version: String) -> ObjectMeta {
        var metadata = ObjectMeta(name: "a", namespace: "finance")
        metadata.uid = "u"
        metadata.resourceVersion = version
        return metadata
    }

    private static func request(version: String) -> ReportRequest {
        ReportRequest(metadata: metadata(version: version), spec: ReportRequestSpec())
    }
}
