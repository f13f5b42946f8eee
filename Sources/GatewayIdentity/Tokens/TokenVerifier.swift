package import FoundationEssentials

/// Says who comes with a bearer token.
///
/// For example:
///
///     switch await verifier.verdict(on: token) { case .caller(let caller): … }
package struct TokenVerifier: Sendable {
    private let issuers: [TrustedIssuer]
    private let rule: ImpersonationRule
    private let now: @Sendable () -> Date

    /// `now`: a clock that the issuers agree with.
    package init(
        _ issuers: [TrustedIssuer], rule: ImpersonationRule, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.issuers = issuers
        self.rule = rule
        self.now = now
    }

    package func verdict(on token: String) async -> TokenVerdict {
        let text: TokenText
        do throws(TokenRefusal) {
            text = try TokenText(token)
        } catch {
            // What isn't a token of an issuer's may be one of Kubernetes' own; one that is too long isn't passed on.
            return error.reason == .malformed ? .notOurs : .refused(error)
        }
        // Unproved; it only chooses by whose keys the token is proved.
        guard let said = text.claims.issuer,
            let issuer = issuers.first(where: { TokenCheck.isSame($0.settings.issuer, said) })
        else { return .notOurs }
        switch await issuer.proof(of: text) {
        case .proved: break
        case .refused(let refusal): return .refused(refusal)
        case .unavailable(let words): return .unavailable(words)
        }
        do throws(TokenRefusal) {
            let caller = try TokenCheck(settings: issuer.settings, now: now()).bearer(text.claims).caller(.token)
            if let obstacle = rule.obstacle(to: caller) {
                throw TokenRefusal(.identity, "the token's user can't be impersonated: \(obstacle)")
            }
            return .caller(caller)
        } catch {
            return .refused(error)
        }
    }
}
