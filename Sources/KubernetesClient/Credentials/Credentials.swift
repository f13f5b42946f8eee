import FoundationEssentials
import HTTPTransport
import Logging

/// What one request shows to the server.
struct Credentials: Hashable, Sendable {
    /// The value of the `Authorization` header.
    var authorization: Secret?
    /// A certificate of its own, in place of the configuration's.
    var identity: TLSClientIdentity?

    static func bearer(_ token: Secret) -> Credentials {
        Credentials(authorization: Secret("Bearer \(token.value)"))
    }

    static func basic(username: String, password: Secret) -> Credentials {
        let text = Data("\(username):\(password.value)".utf8).base64EncodedString()
        return Credentials(authorization: Secret("Basic \(text)"))
    }
}

/// Why there are no credentials, in words that hold none.
struct CredentialError: Error, Hashable {
    let message: String
}

/// Where credentials come from, again and again.
protocol CredentialSource: Sendable {
    func current() async throws(CredentialError) -> Credentials

    /// The server refused `used`: returns others, if there are any now.
    func replacement(for used: Credentials) async throws(CredentialError) -> Credentials?
}

/// Credentials that never change.
struct FixedCredentials: CredentialSource {
    let credentials: Credentials

    func current() async throws(CredentialError) -> Credentials { credentials }

    func replacement(for used: Credentials) async throws(CredentialError) -> Credentials? { nil }
}

extension ClientConfiguration.Authentication {
    /// The source of credentials that this asks for; `identityChanged` is called when one brings another certificate.
    func credentialSource(
        logger: Logger, identityChanged: @escaping @Sendable () -> Void
    ) -> any CredentialSource {
        switch self {
        case .none: FixedCredentials(credentials: Credentials())
        case .token(let token): FixedCredentials(credentials: .bearer(token))
        case .tokenFile(let path, let initial): TokenFile(path: path, initial: initial, logger: logger)
        case .basic(let username, let password):
            FixedCredentials(credentials: .basic(username: username, password: password))
        case .exec(let plugin):
            ExecCredentials(plugin: plugin, logger: logger, identityChanged: identityChanged)
        }
    }
}
