import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import ReportClient
import Testing

@testable import ReportCTL

/// A label selector that the API server can't read.
struct SelectorTests {
    private static let refusal = """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "BadRequest", "code": 400, \
        "message": "unable to parse requirement: found '!', expected: identifier"}
        """

    @Test(.timeLimit(.minutes(1)), arguments: ["!!!==", nil])
    func isTheFaultOfWhoTypedIt(selector: String?) async throws {
        let server = LoopbackServer { _, _ in .json(Self.refusal, status: 400) }
        let configuration = ClientConfiguration(server: server.address)
        let client = KubernetesClient(configuration: configuration, userAgent: "tests", logger: Logger(label: "tests"))
        defer { client.shutdown() }
        let session = Session(
            cluster: ReportCluster(client: client, namespace: "reports"), configuration: configuration, place: [],
            clusterPlace: [])
        let kind = ReportRequest.resourceKind
        let table = try await #require(throws: Trouble.self) {
            _ = try await session.explaining {
                try await session.cluster.tables(kind, namespace: nil, selector: selector)
            }
        }
        let whole = try await #require(throws: Trouble.self) {
            _ = try await session.explaining {
                try await session.cluster.wholeList(kind, namespace: nil, selector: selector)
            }
        }
        for trouble in [table, whole] {
            #expect(trouble.code == (selector == nil ? .unable : .usage))
            #expect(trouble.message.contains("--selector: \"!!!==\"") == (selector != nil), "\(trouble)")
            #expect(trouble.message.contains("unable to parse requirement"), "\(trouble)")
        }
    }
}
