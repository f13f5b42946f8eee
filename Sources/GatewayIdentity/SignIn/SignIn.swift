package import FoundationEssentials
package import Logging

/// Signs people in at their provider: OpenID Connect's code flow with PKCE.
///
/// For example:
///
///     let beginning = try await signIn.begin(issuer: "company", returnPath: "/runs")    // 302, Set-Cookie
///     let done = try await signIn.finish(query: query, cookies: headers).get()          // Session, return path
package struct SignIn: Sendable {
    package struct Beginning: Sendable {
        /// Of the provider's page.
        package let location: String
        /// The value of `Set-Cookie`.
        package let cookie: String
    }

    package struct Done: Sendable {
        package let session: Session
        /// Relative to the base path, beginning with a slash.
        package let returnPath: String
        /// The hash of a secret, whose owner gets the session; nil: who has signed in here.
        package let handOver: String?
    }

    let issuers: [TrustedIssuer]
    let rule: ImpersonationRule
    private let attributes: CookieAttributes
    private let keys: CookieKeys
    let now: @Sendable () -> Date
    let logger: Logger
    let refreshes: Refreshes

    package init(
        _ issuers: [TrustedIssuer], rule: ImpersonationRule, attributes: CookieAttributes, keys: CookieKeys,
        logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.issuers = issuers
        self.rule = rule
        self.attributes = attributes
        self.keys = keys
        self.logger = logger
        self.now = now
        refreshes = Refreshes()
    }

    /// As it is registered at the provider.
    package var redirectURI: String { attributes.url.text + "/auth/callback" }

    /// To choose from, where there are several.
    package var issuerNames: [String] { issuers.filter(\.settings.signIn).map(\.settings.name) }

    /// The value of `Set-Cookie` that ends a beginning: it goes out with every answer to the callback, good or bad, so that
    /// a sign-in counts once.
    package var removal: String { attributes.header(attributes.signInName, "", maximumAge: 0) }

    /// `issuer`: nil for the only, or the first. `handOver`: the hash of a secret, as `HandOver` has it.
    package func begin(
        issuer name: String?, returnPath: String?, handOver: String? = nil
    ) async -> Result<Beginning, SignInFault> {
        guard handOver.map(HandOver.isChallenge) ?? true else {
            return .failure(SignInFault(.stale, "this sign-in was not begun by the page; sign in again"))
        }
        guard let issuer = issuer(name) else {
            return .failure(SignInFault(.unknownIssuer, "there is no such provider to sign in at"))
        }
        let settings = issuer.settings
        let endpoint: String
        switch await issuer.keys.discovery() {
        case .failure(let away): return .failure(fault(of: issuer, away.words))
        case .success(let discovery):
            guard let address = discovery.authorizationEndpoint else {
                return .failure(SignInFault(.misconfigured, "\(settings.name) has no page to sign in at"))
            }
            endpoint = address
        }
        let pending = PendingSignIn(
            issuer: settings.name, returnPath: ReturnPath.checked(returnPath), handOver: handOver, now: now())
        guard let sealed = pending.sealed(with: keys) else {
            return .failure(SignInFault(.misconfigured, "the sign-in can't be sealed"))
        }
        let query = FormText.encoded([
            ("response_type", "code"), ("client_id", settings.clientID ?? ""), ("redirect_uri", redirectURI),
            ("scope", settings.scopes.joined(separator: " ")), ("state", pending.state), ("nonce", pending.nonce),
            ("code_challenge", pending.challenge), ("code_challenge_method", "S256"),
        ])
        return .success(
            Beginning(
                location: endpoint + (endpoint.contains("?") ? "&" : "?") + query,
                cookie: attributes.header(
                    attributes.signInName, sealed, maximumAge: Int(PendingSignIn.longest))))
    }

    /// `query`: of the callback, as it came. `cookies`: the values of all headers `Cookie`.
    package func finish(query: String, cookies: [String]) async -> Result<Done, SignInFault> {
        let stale = SignInFault(
            .stale, "this sign-in is too old, or was begun in another window or browser; sign in again")
        guard let fields = FormText.fields(query), let state = fields["state"] else { return .failure(stale) }
        let begun = CookieAttributes.values(attributes.signInName, in: cookies).prefix(4)
            .compactMap { PendingSignIn.opened($0, with: keys) }
        guard let pending = begun.first(where: { $0.isState(state) }), !pending.isOver(at: now()),
            let issuer = issuer(pending.issuer)
        else { return .failure(stale) }
        let settings = issuer.settings
        // RFC 9207: the answer is from the issuer we asked.
        if let said = fields["iss"], !TokenCheck.isSame(said, settings.issuer) { return .failure(stale) }
        if let error = fields["error"] { return .failure(.ofProvider(error, name: settings.name)) }
        guard let code = fields["code"], !code.isEmpty else { return .failure(stale) }
        let answer = await tokens(
            issuer,
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
                ("code_verifier", pending.verifier),
            ])
        switch answer {
        case .failure(.refused):
            return .failure(SignInFault(.stale, "\(settings.name) did not accept this sign-in; sign in again"))
        case .failure(.away(let words)): return .failure(fault(of: issuer, words))
        case .failure(.misconfigured(let words)): return .failure(fault(of: issuer, words, .misconfigured))
        case .success(let answer):
            return await person(in: answer, of: issuer, nonce: pending.nonce).map { person in
                Done(
                    session: session(of: person, issuer, answer), returnPath: pending.returnPath,
                    handOver: pending.handOver)
            }
        }
    }

    /// Where somebody is signed out at the provider too, who then sends her back to us; nil where it has no such page, or
    /// isn't there.
    package func endSessionURL(_ session: Session) async -> String? {
        guard let issuer = issuer(session.issuer), case .success(let discovery) = await issuer.keys.discovery(),
            let endpoint = discovery.endSessionEndpoint
        else { return nil }
        // No ID token is kept to hint with: a cookie has no room for it.
        let query = FormText.encoded([
            ("client_id", issuer.settings.clientID ?? ""), ("post_logout_redirect_uri", attributes.url.text + "/"),
        ])
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    // MARK: Parts

    func issuer(_ name: String?) -> TrustedIssuer? {
        issuers.first { $0.settings.signIn && (name == nil || $0.settings.name == name) }
    }

    func tokens(
        _ issuer: TrustedIssuer, _ fields: [(String, String)]
    ) async -> Result<TokenRequest.Answer, TokenRequest.Fault> {
        switch await issuer.keys.discovery() {
        case .failure(let away): return .failure(.away(away.words))
        case .success(let discovery):
            guard let address = discovery.tokenEndpoint else {
                return .failure(.misconfigured("\(issuer.settings.name) has no token endpoint"))
            }
            return await TokenRequest(issuer: issuer, address: address).send(fields)
        }
    }

    /// `nonce`: nil after a refresh.
    func person(
        in answer: TokenRequest.Answer, of issuer: TrustedIssuer, nonce: String?
    ) async -> Result<Person, SignInFault> {
        let name = issuer.settings.name
        guard let token = answer.idToken else {
            return .failure(fault(of: issuer, "\(name) gave no ID token", .misconfigured))
        }
        do throws(TokenRefusal) {
            let text = try TokenText(token)
            switch await issuer.proof(of: text) {
            case .proved: break
            case .refused(let refusal): throw refusal
            case .unavailable(let words): return .failure(fault(of: issuer, words))
            }
            let person = try TokenCheck(settings: issuer.settings, now: now()).idToken(text.claims, nonce: nonce)
            if let obstacle = rule.obstacle(to: person.caller(.session)) {
                return .failure(fault(of: issuer, "this account can't be used here: \(obstacle)", .refused))
            }
            return .success(person)
        } catch {
            return .failure(fault(of: issuer, "\(name) gave an ID token that can't be used: \(error)", .misconfigured))
        }
    }

    private func session(of person: Person, _ issuer: TrustedIssuer, _ answer: TokenRequest.Answer) -> Session {
        let start = now()
        return Session(
            id: RandomText.make(), issuer: issuer.settings.name, user: person.user, groups: person.groups,
            email: person.email, displayName: person.displayName, startedAt: start, refreshedAt: start,
            tokenEndsAt: answer.life.map { start + $0.seconds } ?? person.expiry ?? start,
            refreshToken: answer.refreshToken)
    }

    /// The whole of it goes to the log, and to the person only what she can do something about.
    func fault(
        of issuer: TrustedIssuer, _ words: String, _ kind: SignInFault.Kind = .providerAway
    ) -> SignInFault {
        logger.warning(
            "Sign-in failed", metadata: ["issuer": "\(issuer.settings.name)", "error": "\(words)"])
        let name = issuer.settings.name
        return switch kind {
        case .providerAway: SignInFault(kind, "\(name) can't be reached now; try again later")
        case .misconfigured:
            SignInFault(kind, "\(name) and this service don't agree; tell who runs it, the log has the reason")
        case .unknownIssuer, .refused, .stale, .ended: SignInFault(kind, words)
        }
    }
}
