internal import AsyncSupport
internal import Digests
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird

/// Finds out who asks: by a bearer token of an issuer or of Kubernetes, or by the cookie of a session.
struct Authenticator: Sendable {
    /// The caller, and what the answer has to say of it.
    struct Admission: Sendable {
        let caller: Caller
        /// nil for a token.
        var session: GatewaySession?
        /// The value of `Set-Cookie`, where the session goes on longer now.
        var cookie: String?
    }

    private let reviewer: TokenReviewer
    private let identity: GatewayIdentitySources
    /// Of tokens that Kubernetes knows, by their digests: asked once in a while, however often they are shown.
    private let known = Remembered<String, Caller?>(for: AccessReviewer.memory, capacity: 20_000)

    init(reviewer: TokenReviewer, identity: GatewayIdentitySources) {
        self.reviewer = reviewer
        self.identity = identity
    }

    /// Throws the problem of an unknown caller. `beforeAsking`: called, and may throw, before the API server is asked
    /// of a token that it wasn't asked of a moment ago.
    func admission(of request: Request, beforeAsking: @Sendable () throws -> Void) async throws -> Admission {
        let authorizations = request.headers[values: .authorization]
        if authorizations.count > 1 { throw Problem.unauthorized("There are two Authorization headers: send one.") }
        guard let authorization = authorizations.first else { return try await session(of: request) }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem.unauthorized("The Authorization header has to be a bearer token.")
        }
        return Admission(caller: try await caller(ofToken: String(parts[1]), beforeAsking))
    }

    /// Whether what somebody has shown counts still, who has been here for a while; true where that can't be found out now.
    func stillCounts(_ caller: Caller) async -> Bool {
        if let end = caller.expiresAt, end <= Date() { return false }
        guard case .kubernetes(let token) = caller.evidence else { return true }
        let found = await Result { try await known(token) }
        guard case .success(let found) = found else { return true }
        return found != nil
    }

    private func known(_ token: KubernetesToken) async throws -> Caller? {
        try await known.value(Self.digest(token.value)) { [reviewer] in try await reviewer.caller(of: token) }
    }

    private func caller(ofToken token: String, _ beforeAsking: @Sendable () throws -> Void) async throws -> Caller {
        guard token.utf8.count <= 16 << 10, token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Problem.unauthorized("The bearer token is none.")
        }
        // No issuer's token ever comes to be one of these.
        let digest = Self.digest(token)
        let known = known.remembered(digest)
        if let caller = known ?? nil { return caller }
        switch await identity.verifier.verdict(on: token) {
        case .caller(let caller): return caller
        case .refused(let refusal): throw Problem.unauthorized("The bearer token doesn't count: \(refusal).")
        case .unavailable(let words): throw Problem.unavailable(words, retryAfter: 5)
        case .notOurs: break
        }
        if known == nil { try beforeAsking() }
        guard let caller = try await self.known(KubernetesToken(token)) else {
            throw Problem.unauthorized("The bearer token is not valid: it has expired, or nobody here has issued it.")
        }
        return caller
    }

    private func session(of request: Request) async throws -> Admission {
        let cookies = request.headers[values: .cookie]
        guard let sessions = identity.sessions, let session = sessions.cookie.session(in: cookies, at: Date()) else {
            throw Problem.unauthorized("Nobody is signed in: sign in, or send a bearer token.")
        }
        // Another site's page can have a browser send the cookie, but can't read this.
        if request.method != .get, request.method != .head,
            !sessions.csrf.isRight(request.headers[.csrfToken], for: session)
        {
            throw Problem.forbidden(
                "The header X-CSRF-Token is missing or wrong: take it from GET /me, and load the page anew.")
        }
        return try await refreshed(session, sessions)
    }

    private func refreshed(_ session: Session, _ sessions: GatewaySessions) async throws -> Admission {
        var admission = Admission(
            caller: session.caller,
            session: GatewaySession(endsAt: session.endsAt, csrfToken: sessions.csrf.text(for: session)))
        guard session.needsRefresh(at: Date()), session.canBeRefreshed else { return admission }
        switch await sessions.signIn.refresh(session) {
        case .success(let longer):
            admission.cookie = sessions.cookie.made(longer)?.header
            admission.session = GatewaySession(endsAt: longer.endsAt, csrfToken: sessions.csrf.text(for: longer))
        // It goes on to its own end: another replica may have refreshed it a moment ago.
        case .failure: break
        }
        return admission
    }

    static func digest(_ text: String) -> String {
        var hash = SHA256()
        hash.update(text.utf8)
        return hash.finish()
    }
}

/// What of a session is told.
struct GatewaySession: Sendable {
    let endsAt: Date
    let csrfToken: String
}
