/// Clients that act for somebody else, by the same connections.
extension KubernetesClient {
    /// The server takes each request for that user's, which takes the right to impersonate her; RBAC and the audit log see
    /// her.
    public func impersonating(_ user: ClientConfiguration.Impersonation) -> KubernetesClient {
        KubernetesClient(
            sender: RequestSender(sender, impersonating: user, token: nil), namespace: namespace, mayWrite: mayWrite)
    }

    /// Shows that token. Only of a client that was made `withoutCredentials`: a server that gets a certificate along with a
    /// token believes the certificate.
    public func bearing(_ token: Secret) -> KubernetesClient {
        KubernetesClient(
            sender: RequestSender(sender, impersonating: nil, token: token), namespace: namespace, mayWrite: mayWrite)
    }

    /// The token that its requests show, for another server that believes it; nil where they show none, such as with a client
    /// certificate.
    public func bearerToken() async throws(KubernetesError) -> Secret? { try await sender.bearerToken() }
}

extension ClientConfiguration {
    /// The same server, asked by nobody.
    public var withoutCredentials: ClientConfiguration {
        var configuration = self
        configuration.clientIdentity = nil
        configuration.authentication = .none
        configuration.impersonation = nil
        return configuration
    }
}
