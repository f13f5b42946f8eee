import KubernetesModel

/// What an error means to a caller. The reason decides, where there is one: two reasons can share an HTTP status.
extension KubernetesError {
    public var isNotFound: Bool { reason == "NotFound" || isBare(404) }

    /// The name is taken. (409 too, but it has little in common with a conflict.)
    public var isAlreadyExists: Bool { reason == "AlreadyExists" }

    /// The object isn't in the state that the write demanded: another resource version, another UID.
    public var isConflict: Bool { reason == "Conflict" || isBare(409) }

    /// The resource version or the continue token is too old: list again.
    public var isExpired: Bool { reason == "Expired" || reason == "Gone" || code == 410 }

    public var isGone: Bool { isExpired }

    /// The object itself is at fault. Nothing but another object helps.
    public var isInvalid: Bool { reason == "Invalid" || isBare(422) }

    public var isForbidden: Bool { reason == "Forbidden" || isBare(403) }

    public var isUnauthorized: Bool { reason == "Unauthorized" || isBare(401) }

    public var isTooManyRequests: Bool { reason == "TooManyRequests" || code == 429 }

    /// The server hasn't seen that resource version yet. It goes by itself, or with a list that names no version.
    public var isResourceVersionTooLarge: Bool {
        hasCause("ResourceVersionTooLarge") || message.contains("Too large resource version")
    }

    public var isCancelled: Bool { kind == .cancelled }

    /// A watch or a log of which nothing came for too long. It may be that nothing happened.
    public var isSilence: Bool {
        if case .transport(let failure) = kind { failure.isSilence } else { false }
    }

    /// The answer was longer than allowed: ask for less.
    public var isAnswerTooLarge: Bool {
        if case .transport(let failure) = kind { failure.isTooLarge } else { false }
    }

    /// Whether the same request may succeed later without intervention. That doesn't say that it does no harm to
    /// repeat it: see `outcomeUnknown`.
    public var isRetryable: Bool {
        switch kind {
        case .api(let status):
            switch reason {
            case "TooManyRequests", "ServerTimeout", "Timeout", "InternalError", "ServiceUnavailable": true
            case "Unauthorized": true  // A token may be about to be rotated.
            default: [401, 408, 429, 500, 502, 503, 504].contains(status.code ?? 0)
            }
        case .transport(let failure): failure.isRetryable
        case .credentials: true
        case .decoding, .cancelled: false
        }
    }

    private func isBare(_ code: Int) -> Bool { (reason ?? "").isEmpty && self.code == code }

    private func hasCause(_ reason: String) -> Bool {
        status?.details?.causes?.contains { $0.reason == reason } ?? false
    }
}
