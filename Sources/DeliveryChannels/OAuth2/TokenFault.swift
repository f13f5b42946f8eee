import FoundationEssentials
import HTTPTransport
import KubernetesModel
import ReportLayout

/// Why there is no token, in words that say what to fix; they contain no credential.
package enum TokenFault: Error, Hashable, Sendable {
    /// Someone has to mend the Secret, the channel, or the application in Entra ID.
    case refused(words: String)
    /// It may pass.
    case unreachable(words: String, after: Duration?)

    package var words: String {
        switch self {
        case .refused(let words), .unreachable(let words, _): words
        }
    }

    package var outcome: SendOutcome {
        switch self {
        case .refused(let words): .misconfigured(words: words)
        case .unreachable(let words, let after): .deferred(words: words, after: after)
        }
    }

    package var trial: ChannelTrial {
        switch self {
        case .refused(let words): .misconfigured(words: words)
        case .unreachable(let words, _): .unreachable(words: words)
        }
    }
}

extension TokenFault {
    /// What Entra ID answers in place of a token.
    struct Answer: Decodable {
        var error: String?
        var description: String?
        var codes: [Int]?

        private enum CodingKeys: String, CodingKey {
            case error
            case description = "error_description"
            case codes = "error_codes"
        }
    }

    init(_ response: HTTPResponse, server: String, now: Date) {
        let answer = try? JSONDecoder().decode(Answer.self, from: response.body)
        let after = RetryAfter.pause(in: response.headers, now: now)
        if response.status == 429 || response.status >= 500 || answer?.error == "temporarily_unavailable" {
            self = .unreachable(words: Self.sentence(of: answer, status: response.status, server), after: after)
            return
        }
        let code = answer.flatMap(Self.code)
        let advice = code.flatMap { Self.advice[$0] } ?? Self.generalAdvice(answer?.error)
        let words = Self.sentence(of: answer, status: response.status, server)
        self = .refused(words: advice.map { "\(words). \($0)" } ?? words)
    }

    /// `AADSTS7000215: Invalid client secret provided`, without the ids of the call.
    private static func sentence(of answer: Answer?, status: Int, _ server: String) -> String {
        guard let text = answer?.description ?? answer?.error, !text.isEmpty else {
            return "\(server) answered \(status)"
        }
        let first = text.onOneLine.split(separator: " Trace ID:", maxSplits: 1).first.map(String.init) ?? ""
        var sentence = Substring(first.head(bytes: 240))
        while sentence.utf8.last == UInt8(ascii: " ") || sentence.utf8.last == UInt8(ascii: ".") {
            sentence.removeLast()
        }
        return "\(server) answered \(status): \(sentence)"
    }

    private static func code(_ answer: Answer) -> Int? {
        if let code = answer.codes?.first { return code }
        guard let text = answer.description, text.hasPrefix("AADSTS") else { return nil }
        return Int(Substring(text.utf8.dropFirst(6).prefix { (0x30...0x39).contains($0) }))
    }

    /// Source: Microsoft, "Microsoft Entra authentication and authorization error codes".
    private static let advice: [Int: String] = [
        7_000_215: "Put the client secret's Value, not its Secret ID, into the Secret's key clientSecret",
        7_000_222: "The client secret has expired: make a new one under Certificates & secrets, or use a certificate",
        700_016: "Check clientID, and that the application is in this tenant",
        7_000_112: "The application is disabled in Entra ID; enable it under Enterprise applications",
        90_002: "Check tenant: there is no such directory",
        900_023: "Check tenant: it is a directory's id or one of its domains",
        700_027: "Upload the certificate of tls.crt to the application under Certificates & secrets",
        700_024: "Check the clock of the courier's node",
        65_001: "An administrator must consent to the application's permissions (API permissions)",
        70_011: "The application lacks the permission that is asked for; see API permissions",
        500_011: "The service is not in this tenant; check tenant",
        53_003: "Conditional access of the tenant blocks it; exempt the application or account",
        50_076: "The account needs a second factor; sign in again with report-courier sign-in",
        50_173: "The account's password has changed; sign in again with report-courier sign-in",
        700_082: "The sign-in has expired; sign in again with report-courier sign-in",
        70_043: "The sign-in has expired; sign in again with report-courier sign-in",
        7_000_218: "Set Allow public client flows to Yes under Authentication of the application",
    ]

    private static func generalAdvice(_ error: String?) -> String? {
        switch error {
        case "invalid_client": "Check clientID and the Secret's clientSecret or certificate"
        case "invalid_grant", "interaction_required": "Sign in again with report-courier sign-in"
        case "unauthorized_client": "Check the application's Authentication and API permissions"
        default: nil
        }
    }
}
