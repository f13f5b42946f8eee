import AsyncSupport
import Logging
import MailTransport
import ReportAPI

/// How a channel signs in to its mail server.
enum MailSignIn: Sendable {
    case nobody
    case password(user: String, password: String)
    /// By XOAUTH2, as Microsoft 365 wants it.
    case tokens(user: String, AccessTokens)

    init(
        _ channel: ReportChannelSpec, _ secrets: ChannelSecrets, cloud: MicrosoftCloud, logger: Logger
    ) throws(ChannelFault) {
        guard let reference = channel.mail?.credentials?.secretRef.name else {
            self = .nobody
            return
        }
        func needed(_ key: String) throws(ChannelFault) -> String {
            guard let value = secrets.text(key) else {
                throw ChannelFault(
                    "spec.mail.credentials: the Secret \"\(reference)\" has no key \"\(key)\"; it needs user and "
                        + "password"
                )
            }
            return value
        }
        if let tokens = try AccessTokens.forMail(channel, secrets: secrets, cloud: cloud, logger: logger) {
            self = .tokens(user: try needed("user"), tokens)
        } else {
            self = .password(user: try needed("user"), password: try needed("password"))
        }
    }

    var user: String? {
        switch self {
        case .nobody: nil
        case .password(let user, _), .tokens(let user, _): user
        }
    }

    var usesTokens: Bool {
        if case .tokens = self { true } else { false }
    }

    /// What came of `body` with our credentials; with another token, once, where the first wasn't taken.
    func outcome(
        _ body: (MailServer.Credentials?) async -> MailOutcome
    ) async -> Result<MailOutcome, TokenFault> {
        switch self {
        case .nobody: return .success(await body(nil))
        case .password(let user, let password): return .success(await body(.password(user: user, password: password)))
        case .tokens(let user, let tokens):
            return await Result { () async throws(TokenFault) in
                let token = try await tokens.accessToken()
                let outcome = await body(.bearer(user: user, token: token))
                // Nothing of a mail was sent before the server knew who we are.
                guard case .configuration(.authentication, _) = outcome else { return outcome }
                tokens.discard(token)
                return await body(.bearer(user: user, token: try await tokens.accessToken()))
            }
        }
    }
}
