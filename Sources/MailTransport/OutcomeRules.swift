internal import CCurl

/// What libcurl's result and the server's replies mean, of libcurl 7.88.1 as tried.
enum OutcomeRules {
    /// `size` is the message's; nil where none was to be sent.
    static func outcome(of report: MailConnection.Report, _ transfer: MailTransfer, size: Int?) -> MailOutcome {
        let log = transfer.log
        let unauthenticated = MailOutcome.configuration(
            .authentication, words: "The server offers no way to sign in that fits the channel's credentials")
        if transfer.lacksAuthentication { return unauthenticated }
        if report.code == CURLE_OK {
            if transfer.needsAuthentication, !log.isAuthenticated { return unauthenticated }
            return .sent(words: log.lastPositive.map { "\($0.code) \($0.text)" } ?? "")
        }
        if transfer.isStopped { return .deferred(code: nil, words: "Stopped before the message was sent") }
        if let fault = transfer.readFault { return .deferred(code: nil, words: fault.words) }
        if let obstacle = transfer.addressObstacle, report.code == CURLE_COULDNT_CONNECT {
            return .configuration(.address, words: obstacle)
        }
        if let fault = configurationFault(report, log) { return fault }
        if let reply = log.lastNegative {
            if (400..<500).contains(reply.code) { return .deferred(code: reply.code, words: reply.text) }
            // What is refused before a message is named isn't about the recipient.
            let isGreeting = report.code == CURLE_WEIRD_SERVER_REPLY || report.code == CURLE_REMOTE_ACCESS_DENIED
            if size == nil || isGreeting && !log.askedForMessage || [530, 535, 538].contains(reply.code) {
                let fault = [530, 535, 538].contains(reply.code) ? MailConfigurationFault.authentication : .server
                return .configuration(fault, words: "\(reply.code) \(reply.text)")
            }
            return .refused(code: reply.code, words: reply.text)
        }
        // libcurl counts what it wrote, dots that it doubled included: never less than the message once it is whole.
        if let size, log.askedForMessage, report.uploaded >= size { return .uncertain(words: report.message) }
        return .deferred(code: nil, words: report.message)
    }

    private static func configurationFault(_ report: MailConnection.Report, _ log: ReplyLog) -> MailOutcome? {
        switch report.code {
        case CURLE_USE_SSL_FAILED:
            return .configuration(
                .startTLSMissing, words: "The server offers no STARTTLS, without which nothing is sent")
        case CURLE_LOGIN_DENIED:
            if let reply = log.lastNegative, (400..<500).contains(reply.code) {
                return .deferred(code: reply.code, words: reply.text)
            }
            // XOAUTH2 tells its reason in a challenge.
            let words = [log.lastNegative.map { "\($0.code) \($0.text)" }, log.lastChallenge]
                .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
            return .configuration(.authentication, words: words.isEmpty ? report.message : words)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            return .configuration(.tls, words: report.message)
        case CURLE_SSL_CONNECT_ERROR where !isBroken(report.message):
            return .configuration(.tls, words: report.message)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
            CURLE_BAD_FUNCTION_ARGUMENT:
            return .configuration(.server, words: report.message)
        default:
            return nil
        }
    }

    /// Whether a connection ended in the middle of a handshake, as networks do.
    private static func isBroken(_ words: String) -> Bool {
        ["SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"].contains { words.contains($0) }
    }
}
