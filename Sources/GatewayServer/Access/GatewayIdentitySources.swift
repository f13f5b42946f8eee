package import FoundationEssentials
package import GatewayIdentity
package import Logging

/// Whose word counts when somebody says who she is, beside Kubernetes'.
package struct GatewayIdentitySources: Sendable {
    let verifier: TokenVerifier
    let rule: ImpersonationRule
    /// nil: nobody signs in here.
    let sessions: GatewaySessions?

    /// Kubernetes' tokens alone.
    package static func kubernetesAlone() -> GatewayIdentitySources {
        let rule = ImpersonationRule(IdentitySettings())
        return GatewayIdentitySources(verifier: TokenVerifier([], rule: rule), rule: rule, sessions: nil)
    }

    private init(verifier: TokenVerifier, rule: ImpersonationRule, sessions: GatewaySessions?) {
        self.verifier = verifier
        self.rule = rule
        self.sessions = sessions
    }

    /// `settings`: without faults. `keys`: what the session keys' files hold. `url`: nil where nobody signs in. Throws
    /// `CookieKeys.Fault`.
    package init(
        _ settings: IdentitySettings, keys secrets: [Data], url: PublicURL?, isInFrame: Bool, logger: Logger
    ) throws {
        rule = ImpersonationRule(settings)
        let issuers = settings.issuers.map { TrustedIssuer($0, logger: logger) }
        verifier = TokenVerifier(issuers, rule: rule)
        guard let url, !settings.signInIssuers.isEmpty else {
            sessions = nil
            return
        }
        let keys = try CookieKeys(secrets, of: url)
        let attributes = CookieAttributes(url, isPartitioned: isInFrame)
        sessions = GatewaySessions(
            signIn: SignIn(issuers, rule: rule, attributes: attributes, keys: keys, logger: logger),
            cookie: SessionCookie(attributes, keys: keys), csrf: CSRFToken(keys: keys),
            handOver: isInFrame ? HandOver(keys: keys) : nil)
    }
}

/// Sign-in of people, and the cookies that remember it.
struct GatewaySessions: Sendable {
    let signIn: SignIn
    let cookie: SessionCookie
    let csrf: CSRFToken
    /// nil: nobody may frame the page.
    let handOver: HandOver?
}
