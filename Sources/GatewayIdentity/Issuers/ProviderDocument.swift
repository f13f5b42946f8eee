/// What a provider says of itself (OpenID Connect Discovery 1.0, 3); only what we use.
package struct ProviderDocument: Decodable, Hashable, Sendable {
    package var issuer: String
    package var authorizationEndpoint: String
    package var tokenEndpoint: String
    package var endSessionEndpoint: String?
    package var userinfoEndpoint: String?
    package var jwksURI: String

    private enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case endSessionEndpoint = "end_session_endpoint"
        case userinfoEndpoint = "userinfo_endpoint"
        case jwksURI = "jwks_uri"
    }

    package init(
        issuer: String, authorizationEndpoint: String, tokenEndpoint: String, endSessionEndpoint: String? = nil,
        userinfoEndpoint: String? = nil, jwksURI: String
    ) {
        self.issuer = issuer
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        self.endSessionEndpoint = endSessionEndpoint
        self.userinfoEndpoint = userinfoEndpoint
        self.jwksURI = jwksURI
    }
}
