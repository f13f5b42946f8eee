import HTTPTransport
import Logging

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
