package import KubernetesModel

/// Why a request to the API server failed.
package struct KubernetesError: Error, Sendable {
    package enum Kind: Hashable, Sendable {
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
    package struct TransportFailure: Hashable, Sendable {
        package var message: String
        /// Whether a later attempt may fare better: not so with a certificate that isn't trusted.
        package var isRetryable: Bool
        /// Whether the server may have read the request.
        package var mayHaveReachedServer: Bool
        /// Whether the answer began and then nothing more came for too long.
        package var isSilence: Bool
        /// Whether the answer was longer than what was to be read of it.
        package var isTooLarge: Bool

        package init(
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

    package let kind: Kind
    /// What was tried, such as `create jobs.batch in team-a`; empty when unknown.
    package let operation: String
    /// How long the server asks to wait.
    package let retryAfter: Duration?
    /// Whether this was a write that may have happened all the same: read before it is tried again, or repeat it only
    /// where that does no harm.
    package let outcomeUnknown: Bool

    package init(kind: Kind, operation: String = "", retryAfter: Duration? = nil, outcomeUnknown: Bool = false) {
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
    package init(_ status: APIStatus, operation: String = "") {
        self.init(kind: .api(status), operation: operation)
    }

    package var status: APIStatus? {
        if case .api(let status) = kind { status } else { nil }
    }

    /// The machine's word, such as `AlreadyExists`.
    package var reason: String? { status?.reason }

    /// The HTTP status.
    package var code: Int? { status?.code }

    package var message: String {
        switch kind {
        case .api(let status): status.message ?? status.reason ?? "HTTP status \(status.code ?? 0)"
        case .transport(let failure): failure.message
        case .decoding(let message), .credentials(let message): message
        case .cancelled: "cancelled"
        }
    }
}

extension KubernetesError: CustomStringConvertible {
    package var description: String { operation.isEmpty ? message : "\(operation): \(message)" }
}
