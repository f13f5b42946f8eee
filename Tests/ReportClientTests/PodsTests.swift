import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import ReportClient
import TestSupport
import Testing

/// Whose pods are taken for a run's, and lists of any size.
struct PodsTests {
    @Test(.timeLimit(.minutes(1))) func labelsAloneMakeNoPodOneOfTheRun() async throws {
        let request = ReportRequest.fixture(.chain("extract")).running("extract")
        let own = Pod.fixture(of: request, stage: "extract").named("own")
        let forged = own.named("forged").with { $0.metadata.ownerReferences = [] }
        let items = String(decoding: try JSONEncoder().encode([forged, own]), as: UTF8.self)
        let server = LoopbackServer { _, _ in
            .json(#"{"metadata": {"resourceVersion": "1"}, "items": \#(items)}"#)
        }
        let configuration = ClientConfiguration(server: server.address)
        let client = KubernetesClient(configuration: configuration, userAgent: "tests", logger: Logger(label: "tests"))
        defer { client.shutdown() }
        let pods = try await ReportCluster(client: client, namespace: "finance").pods(of: request)
        #expect(pods.map(\.metadata.name) == ["own"])
    }

    /// A namespace with many large requests: six of them are more than a page may have.
    @Test(.timeLimit(.minutes(1))) func aWholeListIsReadThoughAPageOfItIsTooLarge() async throws {
        let padding = String(repeating: "x", count: 3 << 20)
        let server = LoopbackServer { request, _ in
            let query = URLComponents(string: request.target)?.queryItems ?? []
            func value(_ name: String) -> Int? { query.first { $0.name == name }?.value.flatMap { Int($0) } }
            let (first, limit) = (value("continue") ?? 0, value("limit") ?? 6)
            // As few as a server with a limit of its own gives at once, whatever is asked for.
            let last = min(first + (limit > 100 ? 6 : 2), 6)
            let items = (first..<last).map { #"{"metadata":{"name":"r\#($0)"},"padding":"\#(padding)"}"# }
            let next = last < 6 ? #""continue":"\#(last)""# : ""
            return .json(#"{"metadata":{\#(next)},"items":[\#(items.joined(separator: ","))]}"#)
        }
        let configuration = ClientConfiguration(server: server.address)
        let client = KubernetesClient(configuration: configuration, userAgent: "tests", logger: Logger(label: "tests"))
        defer { client.shutdown() }
        let list = try await ReportCluster(client: client, namespace: "finance")
            .wholeList(ReportRequest.resourceKind, namespace: "finance")
        let names = list["items"]?.array?.map { $0["metadata"]?["name"]?.string }
        #expect(names == (0..<6).map { "r\($0)" })
        #expect(server.requests.count == 5, "500 and 125 at once are too many; then three pages")
    }
}
