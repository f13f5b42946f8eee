package import GatewayIdentity
package import KubernetesClient
internal import KubernetesModel

/// Finds out whose a token of Kubernetes' own is.
package struct TokenReviewer: Sendable {
    private let client: KubernetesClient

    /// `client`: the gateway's own, which may create token reviews.
    package init(client: KubernetesClient) { self.client = client }

    /// nil where Kubernetes doesn't know it. Throws `KubernetesError`, or `OwnRightMissing`.
    package func caller(of token: KubernetesToken) async throws -> Caller? {
        let answer = try await client.review(
            ResourceKind(
                group: "authentication.k8s.io", version: "v1", kind: "TokenReview", plural: "tokenreviews"),
            .object([
                "apiVersion": .string("authentication.k8s.io/v1"),
                "kind": .string("TokenReview"),
                "spec": .object(["token": .string(token.value)]),
            ]))
        guard answer["status"]?["authenticated"] == .bool(true), let user = answer["status"]?["user"],
            let name = user["username"]?.string, !name.isEmpty
        else { return nil }
        var extra: [String: [String]] = [:]
        if case .object(let members)? = user["extra"] {
            for (name, value) in members { extra[name] = (value.array ?? []).compactMap(\.string) }
        }
        return Caller(
            user: name, groups: (user["groups"]?.array ?? []).compactMap(\.string), email: nil,
            displayName: name, extra: extra, evidence: .kubernetes(token))
    }
}
