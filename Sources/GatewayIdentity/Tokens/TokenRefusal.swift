/// Why a token doesn't count: for an answer 401 with `error="invalid_token"` (RFC 6750, 3.1). It never holds a part of the
/// token.
package struct TokenRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case tooLong, malformed, algorithm, unknownKey, signature, issuer, audience, expired, notYetValid, nonce,
            identity
    }

    package let reason: Reason
    /// A sentence without a full stop, for `error_description` too: ASCII without quotes.
    package let words: String

    init(_ reason: Reason, _ words: String) {
        self.reason = reason
        self.words = words
    }

    package var description: String { words }
}

/// What comes of a bearer token.
package enum TokenVerdict: Sendable {
    case caller(Caller)
    /// No issuer of ours says to have signed it: it may be one of Kubernetes' own.
    case notOurs
    case refused(TokenRefusal)
    /// The issuer's keys couldn't be had yet, so nothing is known of the token: 503. The words name the issuer.
    case unavailable(String)
}
