import Crypto
package import FoundationEssentials

/// Hands a session from the window where somebody has signed in to the frame that opened it: a browser keeps the cookies of
/// a page in a frame of somebody else's apart from those of the same page in a window of its own, and a provider's page
/// can't be framed.
///
/// The frame makes a secret, and gives its hash along. The window gets the session sealed, together with the hash, and
/// passes it to its opener; a caller with both it and the secret, within a minute, gets the session. Nothing is kept.
///
/// For example:
///
///     let token = handOver.token(for: done.session, challenge: challenge)     // into the window's page
///     let session = handOver.session(in: token, verifier: verifier)           // set-cookie, in the frame
package struct HandOver: Sendable {
    /// In seconds.
    static let longest: TimeInterval = 60

    private struct Sealed: Codable {
        let session: Session
        let challenge: String
        let at: Date
    }

    private let keys: CookieKeys
    private let now: @Sendable () -> Date

    package init(keys: CookieKeys, now: @escaping @Sendable () -> Date = { Date() }) {
        self.keys = keys
        self.now = now
    }

    /// Whether it has the form of a SHA-256 hash in base64url.
    package static func isChallenge(_ text: String) -> Bool {
        text.utf8.count == 43 && Base64URL.data(text)?.count == 32
    }

    /// Nil where it can't be sealed.
    package func token(for session: Session, challenge: String) -> String? {
        let sealed = Sealed(session: session, challenge: challenge, at: now())
        return (try? JSONEncoder().encode(sealed)).flatMap { keys.sealed($0, for: .handOver) }
    }

    /// Nil where the two don't belong together, after a minute, or where the session is over.
    package func session(in token: String, verifier: String) -> Session? {
        guard verifier.utf8.count <= 256, let data = keys.opened(token, for: .handOver),
            let sealed = try? JSONDecoder().decode(Sealed.self, from: data),
            let challenge = Base64URL.data(sealed.challenge)
        else { return nil }
        let moment = now()
        let age = moment.timeIntervalSince(sealed.at)
        guard age < Self.longest, age > -TokenCheck.leeway, !sealed.session.isOver(at: moment) else { return nil }
        // The hash isn't a secret, so that it needn't be compared in constant time.
        return Data(SHA256.hash(data: Data(verifier.utf8))) == challenge ? sealed.session : nil
    }
}
