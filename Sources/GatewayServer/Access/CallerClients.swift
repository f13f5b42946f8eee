package import GatewayIdentity
package import KubernetesClient

/// Clients of the API server that act as a caller does, so that her rights decide and the audit log names her.
package struct CallerClients: Sendable {
    private let gateway: KubernetesClient
    private let anonymous: KubernetesClient

    /// `gateway`: its own, which may impersonate. `anonymous`: made `withoutCredentials`, for callers' own tokens.
    package init(gateway: KubernetesClient, anonymous: KubernetesClient) {
        self.gateway = gateway
        self.anonymous = anonymous
    }

    package func client(for caller: Caller) -> KubernetesClient {
        switch caller.evidence {
        case .kubernetes(let token):
            // To be impersonated, a service account would take a right of its own: it has its token.
            return anonymous.bearing(Secret(token.value))
        case .session, .token:
            return gateway.impersonating(
                ClientConfiguration.Impersonation(
                    user: caller.user, groups: caller.groups, extra: caller.reviewedExtra))
        }
    }
}
