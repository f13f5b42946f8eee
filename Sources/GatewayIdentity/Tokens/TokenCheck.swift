import FoundationEssentials

/// What a token must say, once its signature is proved.
struct TokenCheck {
    /// How far the issuer's clock may be from ours, in seconds.
    static let leeway: TimeInterval = 30

    let settings: IssuerSettings
    let now: Date

    /// Of a program's token.
    func bearer(_ claims: TokenClaims) throws(TokenRefusal) -> Person {
        try common(claims)
        let accepted = settings.acceptedAudiences
        guard claims.audiences.contains(where: { audience in accepted.contains { Self.isSame($0, audience) } }) else {
            throw TokenRefusal(.audience, "the token is not meant for this service (aud)")
        }
        return try Person(claims, settings: settings)
    }

    /// Of the token that says who has signed in. `nonce`: nil after a refresh, where it may be missing.
    func idToken(_ claims: TokenClaims, nonce: String?) throws(TokenRefusal) -> Person {
        try common(claims)
        let client = settings.clientID ?? ""
        guard claims.audiences.contains(where: { Self.isSame($0, client) }) else {
            throw TokenRefusal(.audience, "the ID token is not meant for this client (aud)")
        }
        // OpenID Connect Core, 3.1.3.7.
        guard claims.audiences.count == 1 || claims.authorizedParty != nil,
            claims.authorizedParty.map({ Self.isSame($0, client) }) ?? true
        else { throw TokenRefusal(.audience, "the ID token was given to another client (azp)") }
        guard nonce.map({ expected in claims.nonce.map { Self.isSame($0, expected) } ?? false }) ?? true else {
            throw TokenRefusal(.nonce, "the ID token belongs to another sign-in (nonce)")
        }
        return try Person(claims, settings: settings)
    }

    private func common(_ claims: TokenClaims) throws(TokenRefusal) {
        guard let issuer = claims.issuer, Self.isSame(issuer, settings.issuer) else {
            throw TokenRefusal(.issuer, "the token is of another issuer (iss)")
        }
        guard case .at(let expiry) = claims.expiry else {
            throw TokenRefusal(.expired, "the token does not say when it expires (exp)")
        }
        guard now < expiry + Self.leeway else { throw TokenRefusal(.expired, "the token has expired (exp)") }
        for (time, claim) in [(claims.notBefore, "nbf"), (claims.issuedAt, "iat")] {
            switch time {
            case .none: break
            case .invalid: throw TokenRefusal(.malformed, "the token's \(claim) is not a time")
            case .at(let start):
                guard start - Self.leeway <= now else {
                    throw TokenRefusal(.notYetValid, "the token is not valid yet (\(claim)); check the clocks")
                }
            }
        }
    }

    /// By bytes: Swift's strings are equal where only their bytes differ.
    static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}
