import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportRecords
import ReportStores
import Synchronization
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// In which namespace of all that have had its name, and in which cluster, a request was made.
struct RecordOriginTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What was asked for, in order.
    private final class Asked: Sendable {
        private let names = Mutex<[String]>([])
        var all: [String] { names.withLock { $0 } }
        func note(_ call: APICall) { names.withLock { $0.append(call.objectName) } }
    }

    private static func server(
        _ asked: Asked = Asked(), _ faults: @escaping @Sendable (APICall) -> APIFault? = { _ in nil }
    ) throws -> InMemoryAPIServer {
        let server = InMemoryAPIServer { call in
            asked.note(call)
            return faults(call)
        }
        try server.insert(Self.namespace("kube-system", "the-cluster", .start.after(-1000)))
        try server.insert(Self.namespace("finance", "first", .start.after(-100)))
        return server
    }

    private static func namespace(_ name: String, _ uid: String, _ created: Timestamp) -> Namespace {
        Namespace(metadata: ObjectMeta(name: name, namespace: "", uid: uid, creationTimestamp: created))
    }

    private static func remake(_ server: InMemoryAPIServer, _ uid: String, at time: Timestamp) throws {
        try server.delete(Namespace.self, ObjectKey(namespace: "", name: "finance"))
        try server.insert(Self.namespace("finance", uid, time))
    }

    @Test func recordsKnowTheirClusterAndNamespace() async throws {
        let asked = Asked()
        let server = try Self.server(asked)
        let origins = RecordOrigins(client: server.client, clusterName: "plant-2", logger: Self.quiet)
        let requests = ["a", "b"].map { ReportRequest.fixture(uid: $0) }
        for _ in 0..<3 {
            let found = await origins.origins(of: requests)
            let expected = RecordOrigin(cluster: "the-cluster", clusterName: "plant-2", namespaceUID: "first")
            #expect(found == ["a": expected, "b": expected])
        }
        #expect(asked.all == ["kube-system", "finance"], "each is read once")
    }

    @Test func aNamespaceThatIsMadeAnewIsAnotherOne() async throws {
        let server = try Self.server()
        let origins = RecordOrigins(client: server.client, clusterName: nil, logger: Self.quiet)
        let before = ReportRequest.fixture(uid: "before")
        #expect(await origins.origins(of: [before])["before"]?.namespaceUID == "first")
        try Self.remake(server, "second", at: .start.after(60))
        let after = ReportRequest.fixture(uid: "after").created(at: .start.after(60))
        // One that was made before it, and of which nobody had asked until now.
        let missed = ReportRequest.fixture(uid: "missed").created(at: .start.after(59))
        let found = await origins.origins(of: [before, after, missed])
        #expect(found["before"]?.namespaceUID == "first")
        #expect(found["after"]?.namespaceUID == "second")
        #expect(found["missed"] == RecordOrigin(cluster: "the-cluster"))
    }

    /// As a Role has it.
    @Test func whoMayReadItsOwnNamespaceAloneDoesWithoutTheCluster() async throws {
        let asked = Asked()
        let server = try Self.server(asked) { call in
            call.objectName == "kube-system" ? .status(403, "Forbidden", "cannot get resource \"namespaces\"") : nil
        }
        let origins = RecordOrigins(client: server.client, clusterName: "plant-2", logger: Self.quiet)
        for uid in ["a", "b", "c"] {
            let found = await origins.origins(of: [.fixture(uid: uid)])
            #expect(found[uid] == RecordOrigin(clusterName: "plant-2", namespaceUID: "first"))
        }
        #expect(asked.all.count { $0 == "kube-system" } == 1, "what is refused isn't asked for each time: \(asked.all)")
    }

    @Test func whoMayReadNoNamespaceOrFindsNobodyStillRecords() async throws {
        for fault in [APIFault.forbidden, .unavailable] {
            let asked = Asked()
            let server = try Self.server(asked) { _ in fault }
            let origins = RecordOrigins(client: server.client, clusterName: nil, logger: Self.quiet)
            for _ in 0..<5 {
                let found = await origins.origins(of: [.fixture(uid: "a"), .fixture(uid: "b")])
                #expect(found == ["a": .unknown, "b": .unknown])
            }
            #expect(asked.all.count <= 2, "\(asked.all)")
        }
    }

    /// Beside what events always told, and nothing where nothing is known.
    @Test func eventsTellIt() throws {
        let request = ReportRequest.fixture().started().ended(.succeeded)
        func texts(_ origin: RecordOrigin) -> [String] {
            OutboundEvent.all(of: request, since: .distantPast, origin: origin)
                .map { String(decoding: $0.payload, as: UTF8.self) }
        }
        let known = texts(RecordOrigin(cluster: "c", clusterName: "plant-2", namespaceUID: "n"))
        #expect(!known.isEmpty)
        for text in known {
            #expect(text.contains(#""cluster":"c","clusterName":"plant-2""#), "\(text)")
            #expect(text.contains(#""namespaceUID":"n""#), "\(text)")
        }
        #expect(texts(.unknown).allSatisfy { !$0.contains("cluster") && !$0.contains("UID") })
    }
}
