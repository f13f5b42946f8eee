package import GatewayAPI
package import GatewayIdentity
package import KubernetesClient

/// Clients of the API server that act as a caller does, so that her rights decide and the audit log names her.
package struct CallerClients: Sendable {
    private let gateway: KubernetesClient
    private let anonymous: KubernetesClient
    private let rule: ImpersonationRule

    /// `gateway`: its own, which may impersonate. `anonymous`: made `withoutCredentials`, for callers' own tokens.
    package init(gateway: KubernetesClient, anonymous: KubernetesClient, rule: ImpersonationRule) {
        self.gateway = gateway
        self.anonymous = anonymous
        self.rule = rule
    }

    package func client(for caller: Caller) throws(Problem) -> KubernetesClient {
        switch caller.evidence {
        case .kubernetes(let token):
            // To be impersonated, a service account would take a right of its own: it has its token.
            return anonymous.bearing(Secret(token.value))
        case .session, .token:
            // It was asked when she came in; below Kubernetes 1.36 nothing else would stop us.
            if let obstacle = rule.obstacle(to: caller) {
                throw Problem.forbidden("You can't be taken to the API server: \(obstacle).")
            }
            return gateway.impersonating(
                ClientConfiguration.Impersonation(
                    user: caller.user, groups: caller.groups, extra: caller.reviewedExtra))
        }
    }
}
