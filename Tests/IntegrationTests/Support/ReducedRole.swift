import ClusterSupport
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportController

/// The operator's own role but for one permission, in a test's namespace.
struct ReducedRole: Sendable {
    let missing: Permission

    /// What the API server answers to what is missing.
    var refusal: String { missing.refusal }

    /// Gives the role to the service account `operator`; returns how to speak as that, once the server goes by it.
    func grant(_ cluster: LiveCluster, _ namespace: String) async throws -> ClientConfiguration {
        let rules = JSONValue.array(Permission.all.filter { $0 != missing }.map(\.rule))
        try await cluster.apply(
            Self.manifest(rules: String(decoding: rules.jsonText, as: UTF8.self), namespace), in: namespace)
        let configuration = Self.serviceAccount(cluster.configuration, namespace)
        // All of it comes into force at once; the role keeps one of two permissions to list.
        let client = KubernetesClient(
            configuration: configuration, userAgent: "report-operator-tests", logger: LiveCluster.logger)
        defer { client.shutdown() }
        try await eventually("the role of \(namespace) is in force", every: .milliseconds(20)) {
            await Self.mayList(client, namespace)
        }
        return configuration
    }

    /// A role with these rules, a list in one line, and that the service account `operator` has it.
    static func manifest(rules: String, _ namespace: String) -> String {
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: operator}
        rules: \(rules)
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: operator}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator}
        subjects: [{kind: ServiceAccount, name: operator, namespace: \(namespace)}]
        """
    }

    private static func mayList(_ client: KubernetesClient, _ namespace: String) async -> Bool {
        if (try? await client.list(Job.self, namespace: namespace)) != nil { return true }
        return (try? await client.list(Pod.self, namespace: namespace)) != nil
    }

    static func serviceAccount(_ configuration: ClientConfiguration, _ namespace: String) -> ClientConfiguration {
        var configuration = configuration
        configuration.impersonation = .init(
            user: "system:serviceaccount:\(namespace):operator",
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"])
        return configuration
    }

    /// Runs `body` beside an operator that has this role.
    func bed(
        fate: @escaping @Sendable (Pod) -> Kubelet.Fate = { _ in .succeeds },
        makesDeliveries: Bool = false,
        stores: @escaping @Sendable (String, Logger) throws -> OutsideStores = { _, _ in .init() },
        _ body: (TestBed) async throws -> Void
    ) async throws {
        try await TestBed.run(fate: fate, makesDeliveries: makesDeliveries, stores: stores, prepare: grant, body)
    }

    /// The same, and the answer to the first write to a path that ends so is lost.
    func bed(
        losingAnswerOf method: String, toPathsOf end: String, _ body: (TestBed) async throws -> Void
    ) async throws {
        try await KubectlProxy.run { upstream in
            let isLost = Flag()
            let proxy = FaultProxy(upstream: upstream) { call in
                let path = call.path.prefix { $0 != "?" }
                return call.method == method && path.hasSuffix(end) && isLost.raise() ? .loseAnswer : .none
            }
            try await TestBed.run(prepare: { cluster, namespace in
                _ = try await grant(cluster, namespace)
                return Self.serviceAccount(proxy.configuration, namespace)
            }) { try await body($0) }
        }
    }
}
