import FoundationEssentials
import HTTPTransport
import KubernetesModel
import ReportLayout

/// What Graph says with a status that isn't success.
struct GraphAnswer: Sendable {
    private struct Body: Decodable {
        struct Fault: Decodable {
            struct Inner: Decodable {
                var code: String?
            }

            var code: String?
            var message: String?
            var innerError: Inner?
            var innererror: Inner?
        }

        var error: Fault?
    }

    let status: Int
    let after: Duration?
    /// `itemNotFound`, `accessDenied`…; empty where there is none.
    let code: String
    /// `Graph answered 404 itemNotFound: The resource could not be found`.
    let words: String

    /// `server`: its name, as messages show it. `hidden`: texts that nobody else may see.
    init(_ response: HTTPResponse, server: String, now: Date, hiding hidden: [String] = []) {
        status = response.status
        after = RetryAfter.pause(in: response.headers, now: now)
        let fault = (try? JSONDecoder().decode(Body.self, from: response.body))?.error
        code = fault?.code ?? ""
        let inner = fault?.innerError?.code ?? fault?.innererror?.code
        var message = fault?.message ?? ""
        for secret in hidden where !secret.isEmpty { message = message.replacing(secret, with: "…") }
        message = message.onOneLine.head(bytes: 240)
        while message.utf8.last == UInt8(ascii: ".") || message.utf8.last == UInt8(ascii: " ") { message.removeLast() }
        let codes = [code, inner ?? ""].filter { !$0.isEmpty }
        let name = codes.count == 2 && codes[0] != codes[1] ? "\(codes[0]), \(codes[1])" : codes.first ?? ""
        words =
            "\(server) answered \(response.status)" + (name.isEmpty ? "" : " \(name.head(bytes: 80))")
            + (message.isEmpty ? "" : ": \(message)")
    }

    /// Whether the same may be taken later.
    var mayPass: Bool {
        switch status {
        case 408, 409, 412, 423, 425, 429, 500...506, 508...: true
        default: false
        }
    }
}

extension GraphFault {
    /// `server`: the one that the call was for. A call that may have arrived harms nobody when it is made again.
    func outcome(server: String) -> SendOutcome {
        switch self {
        case .token(let fault): fault.outcome
        case .late: .deferred(words: "No time was left to send it", after: nil)
        case .http(let error):
            switch ServerTrouble(error, server: server).outcome {
            case .uncertain(let words): .deferred(words: words, after: nil)
            case let outcome: outcome
            }
        }
    }

    func trial(server: String) -> ChannelTrial {
        switch self {
        case .token(let fault): fault.trial
        case .late: .unreachable(words: "\(server) did not answer in time")
        case .http(let error): ServerTrouble(error, server: server).trial
        }
    }
}
