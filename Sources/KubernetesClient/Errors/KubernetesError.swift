public import KubernetesModel

/// Why a request to the API server failed.
public struct KubernetesError: Error, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The server answered with a failure.
        case api(APIStatus)
        /// There was no whole answer.
        case transport(TransportFailure)
        /// The answer, or what should have been sent, isn't what was expected.
        case decoding(String)
        /// There are no credentials to send: a plugin failed, a token file is empty.
        case credentials(String)
        case cancelled
    }

    /// What went wrong between here and the server.
    public struct TransportFailure: Hashable, Sendable {
        public var message: String
        /// Whether a later attempt may fare better: not so with a certificate that isn't trusted.
        public var isRetryable: Bool
        /// Whether the server may have read the request.
        public var mayHaveReachedServer: Bool
        /// Whether the answer began and then nothing more came for too long.
        public var isSilence: Bool
        /// Whether the answer was longer than what was to be read of it.
        public var isTooLarge: Bool

        public init(
            message: String, isRetryable: Bool, mayHaveReachedServer: Bool, isSilence: Bool = false,
            isTooLarge: Bool = false
        ) {
            self.message = message
            self.isRetryable = isRetryable
            self.mayHaveReachedServer = mayHaveReachedServer
            self.isSilence = isSilence
            self.isTooLarge = isTooLarge
        }
    }

    public let kind: Kind
    /// What was tried, such as `create jobs.batch in team-a`; empty when unknown.
    public let operation: String
    /// How long the server asks to wait.
    public let retryAfter: Duration?
    /// Whether this was a write that may have happened all the same: read before it is tried again, or repeat it only
    /// where that does no harm.
    public let outcomeUnknown: Bool

    public init(kind: Kind, operation: String = "", retryAfter: Duration? = nil, outcomeUnknown: Bool = false) {
        self.kind = kind
        self.operation = operation
        self.outcomeUnknown = outcomeUnknown
        if retryAfter == nil, case .api(let status) = kind, let seconds = status.details?.retryAfterSeconds, seconds > 0
        {
            self.retryAfter = .seconds(seconds)
        } else {
            self.retryAfter = retryAfter
        }
    }

    /// A failure that the server told; for callers that have a status in hand, such as that of a watch.
    public init(_ status: APIStatus, operation: String = "") {
        self.init(kind: .api(status), operation: operation)
    }

    public var status: APIStatus? {
        if case .api(let status) = kind { status } else { nil }
    }

    /// The machine's word, such as `AlreadyExists`.
    public var reason: String? { status?.reason }

    /// The HTTP status.
    public var code: Int? { status?.code }

    public var message: String {
        switch kind {
        case .api(let status): status.message ?? status.reason ?? "HTTP status \(status.code ?? 0)"
        case .transport(let failure): failure.message
        case .decoding(let message), .credentials(let message): message
        case .cancelled: "cancelled"
        }
    }
}

extension KubernetesError: CustomStringConvertible {
    public var description: String { operation.isEmpty ? message : "\(operation): \(message)" }
}
