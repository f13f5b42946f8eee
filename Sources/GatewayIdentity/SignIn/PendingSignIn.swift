import Crypto
import FoundationEssentials

/// A sign-in that has begun, sealed into a cookie of the browser that began it.
struct PendingSignIn: Codable, Sendable {
    /// In seconds.
    static let longest: TimeInterval = 600

    let state: String
    let nonce: String
    /// Of PKCE (RFC 7636).
    let verifier: String
    let issuer: String
    let returnPath: String
    /// The hash of a frame's secret, which gets the session.
    let handOver: String?
    let startedAt: Date

    init(issuer: String, returnPath: String, handOver: String?, now: Date) {
        (state, nonce, verifier) = (RandomText.make(), RandomText.make(), RandomText.make())
        self.issuer = issuer
        self.returnPath = returnPath
        self.handOver = handOver
        startedAt = now
    }

    var challenge: String { Base64URL.text(SHA256.hash(data: Data(verifier.utf8))) }

    func isOver(at now: Date) -> Bool {
        let age = now.timeIntervalSince(startedAt)
        return age >= Self.longest || age < -TokenCheck.leeway
    }

    func isState(_ text: String) -> Bool {
        // Equal in constant time, by codes of a key that nobody has.
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: Data(state.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(text.utf8), using: key)
    }

    func sealed(with keys: CookieKeys) -> String? {
        (try? JSONEncoder().encode(self)).flatMap { keys.sealed($0, for: .signIn) }
    }

    static func opened(_ text: Substring, with keys: CookieKeys) -> PendingSignIn? {
        keys.opened(text, for: .signIn).flatMap { try? JSONDecoder().decode(PendingSignIn.self, from: $0) }
    }
}
