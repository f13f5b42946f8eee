import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// Runs of a pipeline named held, whose stage of that name runs until the test ends it, and what a test has beside them.
struct HeldRuns: Sendable {
    let live: LiveCluster
    let namespace: String
    let kubelet: Kubelet

    /// Runs `body` beside a kubelet that has all other stages succeed; `fate`: what becomes of their pods instead.
    static func with(
        _ live: LiveCluster, _ namespace: String,
        fate: @escaping @Sendable (Pod) -> Kubelet.Fate = { _ in .succeeds },
        _ body: @escaping @Sendable (HeldRuns) async throws -> Void
    ) async throws {
        let kubelet = Kubelet(
            client: live.client, namespace: namespace, fate: { $0.stage == "held" ? .runs : fate($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await kubelet.run() }
            try await body(HeldRuns(live: live, namespace: namespace, kubelet: kubelet))
            group.cancelAll()
        }
    }

    /// Makes a request.
    func ask(_ name: String, of pipeline: String = "held") async throws {
        try await live.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportRequest
            metadata: {name: \(name)}
            spec: {pipelineRef: {name: \(pipeline)}}
            """, in: namespace)
    }

    @discardableResult
    func wait(
        _ name: String, _ what: String, _ holds: @escaping @Sendable (ReportRequest) -> Bool
    ) async throws -> ReportRequest {
        let found = try await live.wait(
            for: ReportRequest.self, name, in: namespace, within: .seconds(120), what
        ) { $0.map(holds) ?? false }
        return try #require(found)
    }

    /// Has the held stage succeed once it runs.
    func end(_ name: String) async throws {
        try await wait(name, "held") { $0.status?.stages?.first?.phase == .running }
        let pods = try await live.wait(forAll: Pod.self, in: namespace, "the pod of \(name)") { pods in
            pods.contains { $0.request == name && $0.stage == "held" && $0.status?.phase == "Running" }
        }
        let pod = try #require(pods.first { $0.request == name && $0.stage == "held" })
        try await kubelet.end(pod, exitCode: 0)
    }
}
