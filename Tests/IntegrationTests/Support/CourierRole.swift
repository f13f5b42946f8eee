import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport

/// The courier's own role but for one permission, or all of it, given to a service account of a test's.
struct CourierRole: Sendable {
    var missing: Permission?

    /// What the API server answers to what is missing.
    var refusal: String { missing?.refusal ?? "cannot " }

    /// Runs `body` with a kubeconfig file that speaks as the service account `courier` of that namespace.
    func granted(
        _ cluster: LiveCluster, _ namespace: String, _ body: (_ kubeconfig: String) async throws -> Void
    ) async throws {
        let role = ProgramRole(account: "courier", permissions: Permission.ofCourier.filter { $0 != missing })
        try await role.granted(cluster, namespace, { user in Self.speak("courier", namespace, &user) }, body)
    }

    /// That of the tests, speaking as a service account of that namespace.
    static func kubeconfig(
        _ cluster: LiveCluster, _ namespace: String, as account: String = "courier"
    ) async throws -> Data {
        try await ProgramRole.kubeconfig(cluster) { user in speak(account, namespace, &user) }
    }

    private static func speak(_ account: String, _ namespace: String, _ user: inout [String: Any]) {
        user["as"] = "system:serviceaccount:\(namespace):\(account)"
        user["as-groups"] = [
            "system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated",
        ]
    }
}
