import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import ReportClient
import TestSupport
import Testing

/// Whose pods are taken for a run's.
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
}
