internal import FoundationEssentials
internal import JSONReading
internal import KubernetesModel

/// What one look at a provider's pages came to.
struct ProviderPages: Sendable {
    /// Nil for an issuer of programs' tokens alone, with whom nobody can sign in.
    var document: ProviderDocument?
    var keys: KeySet

    /// What every issuer says.
    private struct Head: Decodable {
        var issuer: String
        var jwksURI: String

        private enum CodingKeys: String, CodingKey {
            case issuer
            case jwksURI = "jwks_uri"
        }
    }

    /// Where the first page is; a slash at the issuer's end isn't doubled (OpenID Connect Discovery 1.0, 4.1).
    static func address(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    static func read(of provider: Provider) async throws(ProviderTrouble) -> ProviderPages {
        let address = address(of: provider.settings.issuer)
        let page = try await provider.page(address)
        guard let head = try? JSONReader().decode(Head.self, from: page) else {
            throw ProviderTrouble("\(address) isn't JSON with issuer and jwks_uri")
        }
        // One provider must not speak for another (Discovery 4.3).
        guard head.issuer.isSame(as: provider.settings.issuer) else {
            throw ProviderTrouble("\(address) is of another issuer than \(provider.settings.issuer)")
        }
        let document = try? JSONReader().decode(ProviderDocument.self, from: page)
        let endpoints = [
            head.jwksURI, document?.authorizationEndpoint, document?.tokenEndpoint, document?.endSessionEndpoint,
            document?.userinfoEndpoint,
        ]
        for endpoint in endpoints.compactMap({ $0 }) {
            if let allowed = WebAddress.fault(endpoint, allowInsecure: provider.allowInsecure) {
                throw ProviderTrouble("\(address) has an address that isn't \(allowed)")
            }
        }
        let keys = await KeySet(
            try await provider.page(head.jwksURI), algorithms: provider.settings.algorithms)
        guard !keys.isEmpty else { throw ProviderTrouble("\(head.jwksURI) has no key that can be used") }
        return ProviderPages(document: document, keys: keys)
    }
}
