import ControllerRuntime
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import Testing

/// Which namespace an object is in.
struct NamespaceFinderTests {
    private static let object = ObjectMeta(
        name: "run", namespace: "finance", uid: "u", creationTimestamp: Timestamp(seconds: 1_796_040_000))

    /// As at the end of a process: what is told then names the namespace all the same.
    @Test func whoGivesUpKeepsNobodyFromAsking() async throws {
        let asked = Flag()
        let server = LoopbackListener { connection in
            while connection.readRequest() != nil {
                // The first has no answer.
                if asked.raise() { _ = connection.waitForClose() }
                connection.respond(
                    """
                    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "finance", "uid": "n", \
                    "creationTimestamp": "2026-11-01T00:00:00Z"}}
                    """, headers: "Content-Type: application/json\r\n")
            }
        }
        defer { server.stop() }
        let finder = NamespaceFinder(
            client: KubernetesClient(
                configuration: ClientConfiguration(server: server.address), userAgent: "tests", logger: .silent),
            logger: .silent)
        let first = Task { await finder.home(of: Self.object) }
        try await eventually("it is asked") { asked.isRaised }
        first.cancel()
        let given = await first.value
        guard case .unknown(let error) = given, error.isCancelled else {
            Issue.record("the first has an answer: \(given)")
            return
        }
        let found = await finder.home(of: Self.object)
        guard case .found(let home) = found, home.uid == "n" else {
            Issue.record("it isn't asked again: \(found)")
            return
        }
    }
}
