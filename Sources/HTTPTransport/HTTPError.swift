/// Why a request came to nothing. Statuses such as 404 or 503 are responses, not errors.
public struct HTTPError: Error, Sendable, Equatable {
    /// The part of a request that took longer than its limit.
    public enum TimeoutPhase: String, Sendable {
        case connect
        case firstByte = "first byte"
        case idle
        case total
    }

    public enum Code: Hashable, Sendable {
        /// The task was cancelled, or the body's iterator was dropped.
        case cancelled
        /// The name of the server or of the proxy has no address.
        case resolve
        /// No connection: refused, unreachable, or turned away by the proxy.
        case connect
        /// The configuration's `addressRule` forbids every address of the server that was tried.
        case addressRefused
        /// No secure connection: certificate, name, or handshake.
        case tls
        case timeout(TimeoutPhase)
        /// The connection broke, or closed before the response was complete.
        case connectionLost
        /// What came is not HTTP/1.1.
        case protocolViolation
        case bodyTooLarge
        /// The request cannot be sent as it is, or its body is read in a way that cannot be.
        case invalidRequest
        /// The transport was shut down.
        case shutdown
        case other
    }

    public let code: Code

    /// For people: what happened, in libcurl's words where it has some.
    public let message: String

    /// The request's URL without query and userinfo.
    public let url: String

    /// libcurl's `CURLcode`, where the error is libcurl's.
    public let curlCode: Int32?

    /// Whether the server may have seen the request, so that a write may have been carried out.
    public let mayHaveReachedServer: Bool

    /// Whether all of the request had been handed to the network, so that nothing but the answer was missing.
    public let wholeRequestIsOut: Bool

    public init(
        code: Code,
        message: String,
        url: String,
        curlCode: Int32? = nil,
        mayHaveReachedServer: Bool = false,
        wholeRequestIsOut: Bool = false
    ) {
        self.code = code
        self.message = message
        self.url = Self.redacted(url)
        self.curlCode = curlCode
        self.mayHaveReachedServer = mayHaveReachedServer
        self.wholeRequestIsOut = wholeRequestIsOut
    }

    // Queries and userinfo may carry secrets, and errors end in logs.
    private static func redacted(_ url: String) -> String {
        let plain = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = plain.firstRange(of: "://") else { return String(plain) }
        let rest = plain[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(plain) }
        return String(plain[..<scheme.upperBound] + rest[authority.index(after: at)...])
    }

    /// Whether the same request may succeed later. Says nothing about safety: for that, a write must be
    /// idempotent, or `mayHaveReachedServer` false.
    public var isRetryable: Bool {
        switch code {
        case .resolve, .connect, .timeout, .connectionLost, .protocolViolation: true
        // A handshake also fails when the server restarts or certificates are being replaced.
        case .tls: true
        case .cancelled, .addressRefused, .bodyTooLarge, .invalidRequest, .shutdown, .other: false
        }
    }
}

extension HTTPError: CustomStringConvertible {
    public var description: String { "\(url): \(message)" }
}
