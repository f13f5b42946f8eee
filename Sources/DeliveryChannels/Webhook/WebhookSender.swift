import AsyncSupport
package import DeliveryPlanning
package import FoundationEssentials
import HTTPTransport
import JSONReading
import KubernetesModel
package import Logging
package import ReportAPI

/// Posts a signed message as Standard Webhooks describes it (https://www.standardwebhooks.com), and the files behind it.
///
/// - Headers: `webhook-id`, the same for each try, so that a receiver keeps what it has had once; `webhook-timestamp` in
///   seconds, new for each try; `webhook-signature`, `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, a second
///   one while keys change.
/// - Without files the body is the JSON text. With files it is `multipart/form-data`: the part `message` is the JSON text,
///   and its bytes are what is signed; each file is a part named by its format, and the message holds its sha256.
/// - Any 2xx is success, and 408, 425, 429 and 5xx are tried again, not before `Retry-After`. A redirect isn't followed.
package struct WebhookSender: ChannelSender {
    /// From the last byte sent until the receiver answers.
    static let patience = Duration.seconds(60)

    private let url: String
    private let server: String
    /// What only the two sides know of the address.
    private let hidden: [String]
    private let keys: WebhookKeys
    /// The header of that name; nil where the Secret holds none.
    private let authorization: String?
    private let transport: HTTPTransport
    private let now: @Sendable () -> Date

    /// `now`: a clock that receivers agree with.
    package init(
        _ spec: ReportChannelSpec, secrets: ChannelSecrets, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(ChannelFault) {
        guard let webhook = spec.webhook, let address = ServerURL(webhook.url), address.scheme == "https" else {
            throw ChannelFault("spec.webhook.url must be an address such as https://hooks.example.com/reports")
        }
        url = webhook.url
        server = address.host
        let path = address.target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1).map { String(Substring($0)) }
        keys = try WebhookKeys(secrets)
        authorization = secrets.text("authorization")
        if let authorization, !authorization.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            throw ChannelFault(
                "spec.webhook.credentials: authorization in the Secret has something other than ASCII on one line; it is the "
                    + "whole value of the header, such as Bearer and a token")
        }
        // What a server repeats of it is shown to nobody.
        let credential = authorization?.utf8.split(separator: 0x20, maxSplits: 1).last.map { String(Substring($0)) }
        hidden = [address.target] + path + [authorization, credential].compactMap(\.self)
        transport = HTTPTransport(
            configuration: try HTTPTransportConfiguration(spec, secrets: secrets), logger: logger)
        self.now = now
    }

    /// A receiver knows it by its id.
    package var repeatsHarmlessly: Bool { true }

    package func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        var request = WebhookMessage(dispatch).request(
            to: url, keys: keys, timestamp: Int64(now().timeIntervalSince1970), boundary: WebhookMessage.newBoundary())
        if let authorization { request.headers["Authorization"] = authorization }
        request.mayBegin = mayBegin
        request.timeouts = Self.timeouts(until: deadline)
        switch await answer(to: request) {
        case .success(let answer): return outcome(of: answer)
        case .failure(let error):
            let trouble = ServerTrouble(error, server: server)
            guard trouble.mayHaveArrived else { return trouble.outcome }
            return .uncertain(
                words: trouble.words + "; it may have arrived, and is sent again with the same webhook-id")
        }
    }

    /// Connects as a message would be sent, and closes the connection before the first byte of a request: a receiver
    /// sees no request at all. So only a message shows whether it takes the signature, or a client's certificate.
    package func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        var request = HTTPRequest(method: .post, url: url, body: Data())
        request.mayBegin = { false }
        request.timeouts = Self.timeouts(until: deadline)
        switch await answer(to: request) {
        case .success: return .unreachable(words: "\(server) answered before it was asked")
        case .failure(let error) where error.code == .cancelled && !Task.isCancelled:
            return .works(words: "Connected to \(server) with TLS; nothing was posted")
        case .failure(let error): return ServerTrouble(error, server: server).trial
        }
    }

    private func answer(
        to request: HTTPRequest, reading limit: Int = AnswerWords.longest
    ) async -> Result<HTTPResponse, HTTPError> {
        switch await Result(catching: { () async throws(HTTPError) in try await transport.stream(request) }) {
        case .failure(let error): return .failure(error)
        case .success(let response):
            // The status counts, whatever becomes of the rest.
            let body = await response.body.beginning(bytes: limit, readingUpTo: max(limit, 64 << 10))
            return .success(HTTPResponse(status: response.status, headers: response.headers, body: body))
        }
    }

    private func words(of answer: HTTPResponse) -> String {
        AnswerWords.of(answer.status, answer.headers, answer.body, server: server, hiding: hidden)
    }

    private func outcome(of answer: HTTPResponse) -> SendOutcome {
        let words = words(of: answer)
        switch answer.status {
        case 200..<300: return .sent(id: nil, words: words)
        case 300..<400:
            return .misconfigured(
                words: "\(server) answered \(answer.status), a redirect, which isn't followed; put the address that it "
                    + "leads to in spec.webhook.url")
        case 401, 403, 407:
            return .misconfigured(
                words: "\(words); see that the receiver has the key of the channel's Secret"
                    + (authorization == nil ? "" : ", and takes its authorization"))
        case 408, 425, 429, 500...:
            return .deferred(words: words, after: RetryAfter.pause(in: answer.headers, now: now()))
        case 410: return .refused(words: "\(words); the receiver wants no more messages: remove the channel")
        default: return .refused(words: words)
        }
    }

    private static func timeouts(until deadline: ContinuousClock.Instant) -> HTTPTimeouts {
        let left = max(deadline - .now, .milliseconds(1))
        return HTTPTimeouts(connect: min(left, .seconds(30)), firstByte: patience, idle: patience, total: left)
    }
}

extension WebhookSender: TicketSender {
    /// Of an answer that has the ticket's id, in bytes.
    private static let longestAnswer = 256 << 10

    package func send(
        _ post: TicketPost, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        let timestamp = Int64(now().timeIntervalSince1970)
        var request = HTTPRequest(method: Self.method(post.method), url: post.url, body: Data(post.body))
        request.headers = WebhookMessage.headers(id: post.id, timestamp: timestamp, body: post.body, keys: keys)
        request.headers["Content-Type"] = "application/json"
        if let authorization { request.headers["Authorization"] = authorization }
        request.mayBegin = mayBegin
        request.timeouts = Self.timeouts(until: deadline)
        switch await answer(to: request, reading: Self.longestAnswer) {
        case .success(let answer): return outcome(of: answer, post)
        case .failure(let error):
            let trouble = ServerTrouble(error, server: server)
            guard trouble.mayHaveArrived else { return trouble.outcome }
            return .uncertain(
                words: trouble.words + "; it may have arrived, and is sent again with the same webhook-id")
        }
    }

    private func outcome(of answer: HTTPResponse, _ post: TicketPost) -> SendOutcome {
        switch answer.status {
        case 200..<300:
            let id = post.answersID.flatMap { pointer in
                (try? JSONReader().decode(JSONValue.self, from: answer.body)).flatMap { pointer.value(in: $0) }
            }
            return .sent(id: TicketRule.ticketID(id), words: "\(server) answered \(answer.status)")
        // It is of the one ticket, and says nothing of the channel.
        case 410: return .refused(words: words(of: answer))
        default: return outcome(of: answer)
        }
    }

    private static func method(_ method: ReportChannelSpec.Webhook.Ticket.Close.Method) -> HTTPMethod {
        switch method {
        case .post: .post
        case .patch: .patch
        case .put: .put
        }
    }
}
