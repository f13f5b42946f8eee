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

    private var given: [Permission] { Permission.ofGateway.filter { $0 != missing } }

    /// Runs `body` with a kubeconfig file that speaks as the service account `gateway` of that namespace.
    func granted(
        _ cluster: LiveCluster, _ namespace: String, _ body: (_ kubeconfig: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "role-\(namespace)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "kubeconfig")
        try await cluster.apply(manifest(namespace), in: namespace)
        let token = try await Self.token(cluster, of: "gateway", in: namespace)
        try await Self.kubeconfig(cluster, token: token).write(to: file)
        do {
            try await waitUntilInForce(LiveCluster(kubeconfig: file.path), namespace)
            try await body(file.path)
        } catch {
            _ = try? await cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace)
            throw error
        }
        try await cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace)
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

    private func manifest(_ namespace: String) -> String {
        func rules(ofCluster isOfCluster: Bool) -> String {
            let rules = given.filter { $0.isOfCluster == isOfCluster }.map(\.rule)
            return String(decoding: JSONValue.array(rules).jsonText, as: UTF8.self)
        }
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: gateway}"
        let roles = ["ClusterRole", "Role"].map { kind in
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: \(kind)
            metadata: {name: \(namespace)}
            rules: \(rules(ofCluster: kind == "ClusterRole"))
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: \(kind)Binding
            metadata: {name: \(namespace)}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: \(kind), name: \(namespace)}
            subjects: [{kind: ServiceAccount, name: gateway, namespace: \(namespace)}]
            """
        }
        return ([account] + roles).joined(separator: "\n---\n")
    }

    /// All of a role comes into force at once; there are two of them.
    private func waitUntilInForce(_ own: LiveCluster, _ namespace: String) async throws {
        for isOfCluster in [true, false] {
            let some = given.first {
                $0.isOfCluster == isOfCluster && $0.name == nil && !$0.resource.contains("/")
            }
            guard let some else { continue }
            let resource = some.group.isEmpty ? some.resource : "\(some.resource).\(some.group)"
            var answer = ""
            try await eventually("the role of \(namespace) is in force: \(answer)", every: .milliseconds(50)) {
                let result = try await own.kubectlResult(["auth", "can-i", some.verb, resource, "-n", namespace])
                answer = result.output + result.errors
                return result.status == 0
            }
        }
    }

    /// That of the tests, with another user.
    private static func kubeconfig(_ cluster: LiveCluster, token: String) async throws -> Data {
        let text = try await cluster.kubectl("config", "view", "--raw", "--flatten", "--minify", "-o", "json")
        guard var config = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            var users = config["users"] as? [[String: Any]], !users.isEmpty
        else { throw DeadlineExceeded(description: "no kubeconfig with a user: \(text)") }
        users[0]["user"] = ["token": token]
        config["users"] = users
        return try JSONSerialization.data(withJSONObject: config, options: .withoutEscapingSlashes)
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
