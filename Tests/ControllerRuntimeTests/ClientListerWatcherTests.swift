import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import Testing

@testable import ControllerRuntime

@Suite struct ClientListerWatcherTests {
    /// As short a list as there is, and of nothing that the fields keep out: a Secret of another type is nobody's to read.
    @Test func theCurrentVersionIsAskedForWithoutLabelsAndWithFields() async throws {
        let server = LoopbackServer { _, _ in .json(#"{"metadata":{"resourceVersion":"107"},"items":[]}"#) }
        let client = client(of: server)
        defer { client.shutdown() }
        let source = ClientListerWatcher<Pod>(client: client, labelSelector: "a=b", fieldSelector: "type=c")
        #expect(try await source.currentVersion() == "107")
        #expect(server.requests.map(\.target) == ["/api/v1/pods?fieldSelector=type%3Dc&limit=1"])
    }

    /// The reflector then asks for fewer objects.
    @Test func aPageOfMoreThan16MiBIsToldApart() async throws {
        #expect(PageSize.byteLimit == 16 << 20)
        let filler = String(repeating: "x", count: PageSize.byteLimit)
        let server = LoopbackServer { _, _ in
            .json(#"{"metadata":{"resourceVersion":"107"},"items":[],"filler":"\#(filler)"}"#)
        }
        let client = client(of: server)
        defer { client.shutdown() }
        let source = ClientListerWatcher<Pod>(client: client)
        let error = await #expect(throws: KubernetesError.self) {
            try await source.list(ListRequest(version: .newest, limit: 500))
        }
        #expect(error?.isAnswerTooLarge == true && error?.isRetryable == false)
        #expect(server.requests.count == 1)
    }

    private func client(of server: LoopbackServer) -> KubernetesClient {
        KubernetesClient(
            configuration: ClientConfiguration(server: server.address), userAgent: "tests",
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }
}
