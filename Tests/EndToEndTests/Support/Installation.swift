import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel

/// The operator as `kubectl apply -k` installs it for the whole cluster: two replicas that agree on who acts.
struct Installation: Sendable {
    static let namespace = "report-operator"
    /// The image of `hack/test end-to-end` besides that of the manifests.
    static let nextImage = "localhost/report-operator/report-operator:next"

    let cluster: LiveCluster
    /// The folder that is installed, for `-k`.
    let manifests: String

    /// Runs `body` beside the installed operator, and takes it away afterwards; the definitions stay for other tests.
    static func run(_ body: (Installation) async throws -> Void) async throws {
        let cluster = try LiveCluster()
        let folder = try await cluster.isOld ? "manifests/overlays/local" : "manifests"
        let installation = Installation(cluster: cluster, manifests: file(folder))
        do {
            try await installation.apply()
            try await body(installation)
        } catch {
            let view = await installation.view()
            try? await installation.remove()
            throw Command.Failed(description: "\(error)\n\(view)")
        }
        try await installation.remove()
        installation.cluster.client.shutdown()
    }

    private func apply() async throws {
        try await kubectl("apply", "--validate=false", "-f", Self.file("manifests/base/namespace.yaml"))
        // Before the operator starts: later ones take effect, too, when the kubelet has brought them.
        if let uri = ProcessInfo.processInfo.environment["REPORT_TEST_MONGODB_URI_FOR_PODS"] {
            try await cluster.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: report-operator-mongodb}
                stringData: {uri: \(Manifest.quoted(uri))}
                """, in: Self.namespace)
        }
        try await kubectl("apply", "--validate=false", "-k", manifests)
        try await rolledOut()
    }

    func rolledOut() async throws {
        try await kubectl("rollout", "status", "deployment/report-operator", "--timeout=120s")
    }

    private func remove() async throws {
        try await Command.run([
            Self.file("hack/uninstall"), "--yes", "--keep-requests", "-k", manifests,
        ])
        try await reapplyDefinitions()
    }

    /// For the tests that come later.
    func reapplyDefinitions() async throws {
        try await cluster.kubectl("apply", "--validate=false", "-k", Self.file("crds"))
        for name in LiveCluster.definitions { try await cluster.wait(forDefinition: name) }
    }

    @discardableResult
    func kubectl(_ arguments: String...) async throws -> String {
        try await Command.run(["kubectl", "-n", Self.namespace] + arguments)
    }

    func lease() async throws -> Lease {
        try await cluster.client.get(Lease.self, name: "report-operator", namespace: Self.namespace)
    }

    func pods() async throws -> [Pod] {
        try await cluster.client.list(Pod.self, namespace: Self.namespace).items.filter { !$0.hasEnded }
    }

    static func file(_ path: String) -> String { LiveCluster.root.appendingPathComponent(path).path }

    private func view() async -> String {
        let objects = try? await kubectl("get", "all,lease,events", "-o", "wide")
        let log = try? await kubectl(
            "logs", "-l", "app.kubernetes.io/name=report-operator", "--prefix", "--tail=80")
        return [objects ?? "nothing to see", log ?? "no log"].joined(separator: "\n")
    }
}

extension LiveCluster {
    /// Whether it is of before Kubernetes 1.21, and needs `manifests/components/kubernetes-1.20`.
    var isOld: Bool {
        get async throws { try await cronJobVersion() != "v1" }
    }
}
