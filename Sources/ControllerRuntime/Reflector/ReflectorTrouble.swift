import KubernetesClient
import KubernetesModel

/// Why a list or a watch failed, as far as it makes a difference to what is done next.
enum ReflectorTrouble: Hashable, Sendable {
    /// 410: the version or the token is too old.
    case expired
    /// 504: the server hasn't seen the version yet.
    case versionTooLarge(retryAfter: Duration?)
    /// 429.
    case throttled(retryAfter: Duration?)
    /// 404: there is no such resource.
    case notFound
    /// 403.
    case forbidden
    /// 401.
    case unauthorized
    /// The server failed: 5xx, or `InternalError`.
    case serverError(retryAfter: Duration?)
    /// The server can't be reached, or the connection broke.
    case unreachable
    /// The connection was silent for too long.
    case silent
    /// What came isn't what was expected.
    case unreadable
    /// The server doesn't want this request: another 4xx.
    case rejected

    init(_ error: KubernetesError) {
        if error.isExpired {
            self = .expired
        } else if error.isResourceVersionTooLarge {
            self = .versionTooLarge(retryAfter: error.retryAfter)
        } else if error.isTooManyRequests {
            self = .throttled(retryAfter: error.retryAfter)
        } else if error.isNotFound {
            self = .notFound
        } else if error.isForbidden {
            self = .forbidden
        } else if error.isUnauthorized {
            self = .unauthorized
        } else {
            switch error.kind {
            case .api: self = error.isRetryable ? .serverError(retryAfter: error.retryAfter) : .rejected
            case .transport, .cancelled: self = .unreachable
            case .credentials: self = .unauthorized
            case .decoding: self = .unreadable
            }
        }
    }

    init(_ status: APIStatus) {
        self.init(KubernetesError(status))
    }

    /// What the server asked to wait.
    var retryAfter: Duration? {
        switch self {
        case .versionTooLarge(let delay), .throttled(let delay), .serverError(let delay): delay
        case .expired, .notFound, .forbidden, .unauthorized, .unreachable, .silent, .unreadable, .rejected: nil
        }
    }

    /// One word for a metric's label and for telling whether the trouble is still the same.
    var reason: String {
        switch self {
        case .expired: "expired"
        case .versionTooLarge: "version_too_large"
        case .throttled: "throttled"
        case .notFound: "not_found"
        case .forbidden: "forbidden"
        case .unauthorized: "unauthorized"
        case .serverError: "server_error"
        case .unreachable: "unreachable"
        case .silent: "silent"
        case .unreadable: "unreadable"
        case .rejected: "rejected"
        }
    }
}
