import HTTPTransport

/// When a request may be sent again: only where the first attempt certainly did nothing, or a second does no harm.
///
/// - The server said when to come back (429 or 5xx with `Retry-After` in seconds): any request, at most 10 times.
/// - The connection was lost: reads alone, with growing pauses. A write may have happened.
struct RetryPolicy: Sendable {
    enum Failure: Hashable, Sendable {
        case response(status: Int, retryAfter: Duration?)
        case transport(HTTPError.Code)
    }

    /// As client-go has it.
    var limit = 10
    var lostConnectionLimit = 4
    /// The longest that all pauses of one request may take together.
    var budget = Duration.seconds(30)

    /// How long to wait before attempt number `attempt + 1`; nil to give up. `waited` is the sum of the pauses so far,
    /// `jitter` a random number of 0..<1.
    func pause(
        after failure: Failure, attempt: Int, isWrite: Bool, waited: Duration, jitter: Double
    ) -> Duration? {
        let pause: Duration
        switch failure {
        case .response(let status, let retryAfter):
            guard let retryAfter, status == 429 || status >= 500, attempt <= limit else { return nil }
            // All that were turned away at once shouldn't come back at once.
            pause = retryAfter + .milliseconds(250) * jitter
        case .transport(let code):
            guard !isWrite, code == .connectionLost, attempt <= lostConnectionLimit else { return nil }
            pause = .milliseconds(200 << (attempt - 1)) * (0.5 + jitter)
        }
        return waited + pause <= budget ? pause : nil
    }

    /// The seconds of a `Retry-After` header; nil for its other form, a date, as client-go has it.
    static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        guard let text = headers["Retry-After"], let seconds = Int(text.trimmed), seconds >= 0 else { return nil }
        return .seconds(seconds)
    }
}
