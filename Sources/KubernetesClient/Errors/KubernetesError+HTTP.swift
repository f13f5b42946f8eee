import HTTPTransport

extension KubernetesError {
    /// What a failed transfer means.
    init(_ error: HTTPError, operation: String, isWrite: Bool) {
        let kind: Kind =
            error.code == .cancelled
            ? .cancelled
            : .transport(
                TransportFailure(
                    message: error.message,
                    isRetryable: error.isRetryable,
                    mayHaveReachedServer: error.mayHaveReachedServer
                ))
        self.init(kind: kind, operation: operation, outcomeUnknown: isWrite && error.mayHaveReachedServer)
    }
}
