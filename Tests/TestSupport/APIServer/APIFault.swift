package import KubernetesModel

/// What goes wrong with a request.
package enum APIFault: Sendable {
    /// The server answers so and does nothing.
    case refused(APIStatus)
    /// The server does what it is asked, and its answer never arrives.
    case replyLost
    /// The connection breaks before the server has read anything.
    case requestLost

    package static func status(_ code: Int, _ reason: String, _ message: String = "") -> APIFault {
        .refused(APIStatus(message: message.isEmpty ? reason : message, reason: reason, code: code))
    }

    package static let conflict = status(409, "Conflict", "the object has been modified")
    package static let forbidden = status(403, "Forbidden", "exceeded quota")
    package static let invalid = status(422, "Invalid", "denied by policy")
    package static let unavailable = status(503, "ServiceUnavailable", "the server is currently unable to answer")

    /// Too many requests; with `after`, the client itself comes back.
    package static func busy(after seconds: Int? = nil) -> APIFault {
        .refused(
            APIStatus(
                message: "too many requests", reason: "TooManyRequests", code: 429,
                details: .init(retryAfterSeconds: seconds)))
    }
}

/// A refusal of the server, on its way out.
struct APIRefusal: Error {
    let status: APIStatus

    /// `name`: of the object that it is about, as the server says it.
    init(_ code: Int, _ reason: String, _ message: String, name: String? = nil) {
        var status = APIStatus(message: message, reason: reason, code: code)
        status.details = name.map { .init(name: $0) }
        self.status = status
    }
}
