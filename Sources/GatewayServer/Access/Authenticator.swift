internal import Digests
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird

/// Finds out who asks.
struct Authenticator: Sendable {
    let reviewer: TokenReviewer
    /// Of tokens that Kubernetes knows, by their digests: asked once in a while, however often they are shown.
    private let known = Remembered<String, Caller?>(for: AccessReviewer.memory, capacity: 20_000)

    init(reviewer: TokenReviewer) { self.reviewer = reviewer }

    /// Who it is, and the session that says so. Throws the problem of somebody whom nobody knows.
    func caller(of request: Request) async throws -> (Caller, GatewaySession?) {
        let authorizations = request.headers[values: .authorization]
        if authorizations.count > 1 { throw Problem.unauthorized("There are two Authorization headers: send one.") }
        guard let authorization = authorizations.first else {
            throw Problem.unauthorized("Nobody is signed in: sign in, or send a bearer token.")
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem.unauthorized("The Authorization header has to be a bearer token.")
        }
        return (try await caller(ofToken: String(parts[1])), nil)
    }

    static func digest(_ text: String) -> String {
        var hash = SHA256()
        hash.update(text.utf8)
        return hash.finish()
    }

    private func caller(ofToken token: String) async throws -> Caller {
        guard token.utf8.count <= 16 << 10, token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Problem.unauthorized("The bearer token is none.")
        }
        let caller = try await known.value(Self.digest(token)) { [reviewer] in
            try await reviewer.caller(of: KubernetesToken(token))
        }
        guard let caller else {
            throw Problem.unauthorized("The bearer token is not valid: it has expired, or nobody here has issued it.")
        }
        return caller
    }
}

/// What of a session is told.
struct GatewaySession: Sendable {
    let endsAt: Date
    let csrfToken: String
}
