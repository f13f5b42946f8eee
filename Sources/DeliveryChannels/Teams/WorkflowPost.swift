import AsyncSupport
import DeliveryPlanning
import FoundationEssentials
import HTTPTransport
import KubernetesModel

/// Posts to a workflow's webhook, whose address lets everybody post who knows it: no word of ours holds it.
struct WorkflowPost: Sendable {
    static let patience = Duration.seconds(60)

    private let url: String
    private let host: String
    private let hidden: [String]
    private let transport: HTTPTransport
    private let now: @Sendable () -> Date

    init(
        _ secrets: ChannelSecrets, transport: HTTPTransport, now: @escaping @Sendable () -> Date
    ) throws(ChannelFault) {
        guard let url = secrets.text("url") else {
            throw ChannelFault(
                "spec.teams.credentials.secretRef: the Secret needs url, the address that Teams shows for the workflow")
        }
        guard let address = ServerURL(url), address.scheme == "https" else {
            throw ChannelFault(
                "spec.teams.credentials.secretRef: the Secret's url must be an https address, as Teams shows it for "
                    + "the workflow")
        }
        self.url = url
        host = address.host
        // Its parts too: servers repeat some of them in what they answer.
        let parts = address.target.utf8.split { "/?&=".utf8.contains($0) }.map { String(Substring($0)) }
        hidden = [url, address.target] + parts.filter { $0.utf8.count >= 12 }
        self.transport = transport
        self.now = now
    }

    func send(
        _ body: Data, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        var request = HTTPRequest(method: .post, url: url, headers: ["Content-Type": "application/json"], body: body)
        request.mayBegin = mayBegin
        switch await answer(to: request, by: deadline) {
        case .failure(let error):
            let trouble = ServerTrouble(error, server: host)
            guard trouble.mayHaveArrived else { return trouble.outcome }
            return .uncertain(words: trouble.words + "; the card may have been posted")
        case .success(let answer): return outcome(of: answer)
        }
    }

    /// Connects as a card would be sent, and closes the connection before the first byte of a request.
    func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        var request = HTTPRequest(method: .post, url: url, body: Data())
        request.mayBegin = { false }
        switch await answer(to: request, by: deadline) {
        case .success: return .unreachable(words: "\(host) answered before it was asked")
        case .failure(let error) where error.code == .cancelled && !Task.isCancelled:
            return .works(
                words: "Connected to \(host) with TLS; nothing was posted, so only a card shows whether the workflow "
                    + "takes it")
        case .failure(let error): return ServerTrouble(error, server: host).trial
        }
    }

    private func answer(
        to request: HTTPRequest, by deadline: ContinuousClock.Instant
    ) async -> Result<HTTPResponse, HTTPError> {
        var request = request
        let left = max(deadline - .now, .milliseconds(1))
        request.timeouts = HTTPTimeouts(
            connect: min(left, .seconds(30)), firstByte: Self.patience, idle: Self.patience, total: left)
        switch await Result(catching: { () async throws(HTTPError) in try await transport.stream(request) }) {
        case .failure(let error): return .failure(error)
        case .success(let response):
            // The status counts, whatever becomes of the rest.
            let body = await response.body.beginning(bytes: AnswerWords.longest)
            return .success(HTTPResponse(status: response.status, headers: response.headers, body: body))
        }
    }

    private func outcome(of answer: HTTPResponse) -> SendOutcome {
        let words = AnswerWords.of(answer.status, answer.headers, answer.body, server: host, hiding: hidden)
        switch answer.status {
        case 200..<300:
            let id = answer.headers["x-ms-workflow-run-id"]
            return .sent(id: id?.head(bytes: 200), words: "The workflow took the card")
        case 300..<400:
            return .misconfigured(words: "\(host) answered \(answer.status), a redirect, which isn't followed")
        case 401, 403:
            return .misconfigured(
                words: "\(words); the address isn't valid any more, or the workflow takes posts of its tenant alone: "
                    + "copy its address from Teams into the Secret's url, and let anyone trigger it")
        case 404, 410:
            return .misconfigured(
                words: "\(words); the workflow was deleted or turned off: see Workflows in Teams, and put the address "
                    + "of a new one into the Secret's url")
        // A gateway timed out waiting for something that may have been done.
        case 504: return .uncertain(words: "\(words); the card may have been posted")
        case 408, 425, 429, 500...:
            return .deferred(words: words, after: RetryAfter.pause(in: answer.headers, now: now()))
        default: return .refused(words: words)
        }
    }
}
