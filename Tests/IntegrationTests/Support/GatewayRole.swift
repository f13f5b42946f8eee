import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport

/// The gateway's own role but for one permission, or all of it, given to a service account of a test's. It speaks by a token of
/// its own: who is impersonated can impersonate nobody.
struct GatewayRole: Sendable {
    var missing: Permission?

    /// What the API server answers to what is missing.
    var refusal: String { missing?.refusal ?? "cannot " }

    /// Runs `body` with a kubeconfig file that speaks as the service account `gateway` of that namespace.
    func granted(
        _ cluster: LiveCluster, _ namespace: String, _ body: (_ kubeconfig: String) async throws -> Void
    ) async throws {
        let role = ProgramRole(account: "gateway", permissions: Permission.ofGateway.filter { $0 != missing })
        try await role.granted(
            cluster, namespace,
            { user in user = ["token": try await Self.token(cluster, of: "gateway", in: namespace)] }, body)
    }

    /// A token of a service account, as its pods have one.
    static func token(_ cluster: LiveCluster, of account: String, in namespace: String) async throws -> String {
        let answer = try await cluster.kubectl(
            "create", "--raw", "/api/v1/namespaces/\(namespace)/serviceaccounts/\(account)/token", "-f", "-",
            input: #"{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}"#)
        let review = try JSONDecoder().decode(JSONValue.self, from: Data(answer.utf8))
        guard let token = review["status"]?["token"]?.string else {
            throw DeadlineExceeded(description: "no token: \(answer)")
        }
        return token
    }
}

extension GatewayRole {
    /// Who may ask there: a program, and people of a group.
    static func people(in namespace: String) -> String {
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: reader}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: stranger}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: asks}
        rules:
        - apiGroups: [reports.ers.dev]
          resources: [reportrequests, reportpipelines]
          verbs: [create, get, list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: asks}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: asks}
        subjects:
        - {kind: ServiceAccount, name: reader, namespace: \(namespace)}
        - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: "reports:finance"}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: monthly}
        spec: {stages: [{name: only, image: a}]}
        """
    }
}
