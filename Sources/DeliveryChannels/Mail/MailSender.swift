import AsyncSupport
import DeliveryPlanning
package import Logging
import MailMessages
import MailTransport
import NetworkAddresses
package import ReportAPI

/// Sends each recipient a mail of his own.
package struct MailSender: ChannelSender {
    /// Connections to the server at once: how many copies go out side by side.
    package static let connections = 4
    package static let defaultMessageSize: Int64 = 20 << 20

    private let transport: MailTransport
    private let signIn: MailSignIn
    private let from: Mailbox
    /// In bytes, of the whole mail.
    private let maximumSize: Int64
    /// As the channel writes it, for people.
    private let maximumText: String

    /// Throws `ChannelFault`, naming the field or the Secret's key. `cloud`: where tokens come from, for a server that
    /// takes those.
    package init(
        _ channel: ReportChannelSpec, secrets: ChannelSecrets, cloud: MicrosoftCloud = .global,
        logger: Logger = Logger(label: "mail")
    ) throws(ChannelFault) {
        guard let spec = channel.mail else { throw ChannelFault("spec.mail: is required for type Mail") }
        let mailbox = Self.mailbox(spec.from)
        guard let from = mailbox else { throw ChannelFault("spec.mail.from: \"\(spec.from)\" is not an address") }
        self.from = from
        maximumText = spec.maxMessageSize ?? "20Mi"
        maximumSize = spec.maxMessageSize.flatMap(ByteSize.bytes) ?? Self.defaultMessageSize
        transport = MailTransport(to: try Self.server(spec, channel, secrets), connections: Self.connections)
        signIn = try MailSignIn(channel, secrets, cloud: cloud, logger: logger)
    }

    package var repeatsHarmlessly: Bool { false }

    package func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        guard let recipient = dispatch.recipient else { return .refused(words: "a mail needs a recipient") }
        let message = MailComposer(from: from).message(dispatch, to: recipient)
        let size = message.encoded().size
        guard size <= maximumSize else {
            return .refused(
                words: "TooLarge: the mail would have \(size) bytes, and the channel sends at most \(maximumText); "
                    + "\(MailAdvice.smaller), or have spec.mail.maxMessageSize raised")
        }
        let outcome = await signIn.outcome { credentials in
            await transport.send(message, as: credentials, by: deadline, mayBegin: mayBegin)
        }
        switch outcome {
        case .failure(let fault): return fault.outcome
        case .success(let outcome): return self.outcome(outcome, message.id)
        }
    }

    private func outcome(_ outcome: MailOutcome, _ id: MessageID) -> SendOutcome {
        switch outcome {
        case .sent(let words): return .sent(id: id.description, words: words)
        case .refused(let code, let words): return .refused(words: MailAdvice.refusal(code, words))
        case .deferred(let code, let words):
            return .deferred(words: code.map { "\($0) \(words)" } ?? words, after: code.flatMap(Self.pause))
        case .configuration(let fault, let words): return .misconfigured(words: advice(fault, words))
        case .uncertain(let words):
            return .uncertain(words: "the server had the whole mail, and its answer was lost: \(words)")
        }
    }

    package func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        let server = "\(transport.server.host):\(transport.server.port)"
        let outcome = await signIn.outcome { await transport.check(as: $0, by: deadline) }
        switch outcome {
        case .failure(let fault): return fault.trial
        case .success(let outcome): return trial(outcome, server)
        }
    }

    private func trial(_ outcome: MailOutcome, _ server: String) -> ChannelTrial {
        switch outcome {
        case .sent:
            let identity = signIn.user.map { "signed in as \($0)" } ?? "without signing in"
            return .works(words: "\(server) takes mail by TLS, \(identity)")
        case .refused(let code, let words): return .misconfigured(words: "\(server): \(code) \(words)")
        case .deferred(let code, let words):
            return .unreachable(words: "\(server): " + (code.map { "\($0) \(words)" } ?? words))
        case .configuration(let fault, let words):
            return .misconfigured(words: "\(server): \(advice(fault, words))")
        case .uncertain(let words): return .unreachable(words: "\(server): \(words)")
        }
    }

    /// After a reply that is about one recipient or one mail, as greylisting gives it: others needn't wait for it. 421 and
    /// 454 (RFC 4954) are about all that the server would be told.
    private static func pause(after code: Int) -> Duration? { code == 421 || code == 454 ? nil : .seconds(10) }

    private func advice(_ fault: MailConfigurationFault, _ words: String) -> String {
        if fault == .authentication, signIn.usesTokens {
            return "signing in failed: \(words); \(MailAdvice.tokenRights)"
        }
        return MailAdvice.words(fault, words, signsIn: signIn.user != nil)
    }

    private static func server(
        _ spec: ReportChannelSpec.Mail, _ channel: ReportChannelSpec, _ secrets: ChannelSecrets
    ) throws(ChannelFault) -> MailServer {
        var server: MailServer
        do throws(MailServer.Fault) { server = try MailServer(spec.server) } catch {
            throw ChannelFault("spec.mail.server: \"\(spec.server)\" \(error)")
        }
        server.addressRule = channel.allowPrivateAddresses == true ? .any : .publicOnly
        if let name = channel.tls?.caSecretRef?.name {
            guard let authorities = secrets.authorities, !authorities.isEmpty else {
                throw ChannelFault(
                    "spec.tls.caSecretRef: Secret \(name) has no ca.crt; put the authorities there, in PEM")
            }
            server.authorities = .bytes(Array(authorities))
        }
        if let name = channel.tls?.clientCertificateSecretRef?.name {
            guard let certificate = secrets.clientCertificate, let key = secrets.clientKey else {
                throw ChannelFault(
                    "spec.tls.clientCertificateSecretRef: Secret \(name) must have tls.crt and tls.key, in PEM")
            }
            server.clientCertificate = .init(certificate: .bytes(Array(certificate)), privateKey: .bytes(Array(key)))
        }
        return server
    }

    private static func mailbox(_ text: String) -> Mailbox? { try? Mailbox(text) }
}
