/// Why somebody is not signed in, in words for her: no secret and nothing that the request brought.
package struct SignInFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// No such issuer, or none to sign in at: 404.
        case unknownIssuer
        /// The provider, or the person, said no: 403.
        case refused
        /// Too late, begun elsewhere, or a second time: 400. Signing in again helps.
        case stale
        /// The provider can't be asked: 503.
        case providerAway
        /// The provider and the settings don't fit, which only who runs the gateway can mend: 502.
        case misconfigured
        /// The session can't be refreshed any more: 401.
        case ended
    }

    package let kind: Kind
    /// A sentence without a full stop.
    package let words: String

    init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    package var description: String { words }

    /// Of a provider's answer in the callback (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). Its description isn't
    /// shown: anybody can make a link with one.
    static func ofProvider(_ code: String, name: String) -> SignInFault {
        switch code {
        case "access_denied":
            SignInFault(.refused, "\(name) did not allow the sign-in, or it was cancelled there")
        case "login_required", "interaction_required", "consent_required", "account_selection_required":
            SignInFault(.stale, "\(name) wants you to sign in again")
        case "temporarily_unavailable", "server_error":
            SignInFault(.providerAway, "\(name) can't sign anybody in now; try again later")
        case "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope":
            SignInFault(.misconfigured, "\(name) does not accept this service's sign-in (\(code))")
        default:
            SignInFault(.refused, "\(name) did not allow the sign-in")
        }
    }
}
