import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport

/// Permissions that a service account of a test's has, as which a program speaks then.
struct ProgramRole: Sendable {
    let account: String
    let permissions: [Permission]

    /// Runs `body` with a kubeconfig file: that of the tests, as whose user `speak` puts the service account.
    func granted(
        _ cluster: LiveCluster, _ namespace: String, _ speak: (_ user: inout [String: Any]) async throws -> Void,
        _ body: (_ kubeconfig: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "role-\(namespace)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "kubeconfig")
        try await cluster.apply(manifest(namespace), in: namespace)
        try await Self.kubeconfig(cluster, speak).write(to: file)
        do {
            try await waitUntilInForce(LiveCluster(kubeconfig: file.path), namespace)
            try await body(file.path)
        } catch {
            _ = try? await cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace)
            throw error
        }
        try await cluster.kubectl("delete", "clusterrole,clusterrolebinding", namespace)
    }

    private func manifest(_ namespace: String) -> String {
        func rules(ofCluster isOfCluster: Bool) -> String {
            let rules = permissions.filter { $0.isOfCluster == isOfCluster }.map(\.rule)
            return String(decoding: JSONValue.array(rules).jsonText, as: UTF8.self)
        }
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: \(account)}"
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
            subjects: [{kind: ServiceAccount, name: \(self.account), namespace: \(namespace)}]
            """
        }
        return ([account] + roles).joined(separator: "\n---\n")
    }

    /// All of a role comes into force at once; there are two of them.
    private func waitUntilInForce(_ own: LiveCluster, _ namespace: String) async throws {
        for isOfCluster in [true, false] {
            let some = permissions.first {
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

    /// That of the tests, with its user changed.
    static func kubeconfig(
        _ cluster: LiveCluster, _ speak: (_ user: inout [String: Any]) async throws -> Void
    ) async throws -> Data {
        let text = try await cluster.kubectl("config", "view", "--raw", "--flatten", "--minify", "-o", "json")
        guard var config = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            var users = config["users"] as? [[String: Any]], var user = users.first?["user"] as? [String: Any]
        else { throw DeadlineExceeded(description: "no kubeconfig with a user: \(text)") }
        try await speak(&user)
        users[0]["user"] = user
        config["users"] = users
        return try JSONSerialization.data(withJSONObject: config, options: .withoutEscapingSlashes)
    }
}
