import KubernetesModel
import ReportPlanning

/// Why there is no other answer (RFC 9457).
package struct Problem: Error, Hashable, Sendable, JSONWritable {
    package static let mediaType = "application/problem+json"

    /// What kind it is, for programs; the last part of `type`.
    package enum Kind: String, Sendable, CaseIterable {
        case badRequest = "bad-request"
        case unauthorized, forbidden
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case notAcceptable = "not-acceptable"
        case timeout, conflict, offloaded
        case payloadTooLarge = "payload-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case rangeNotSatisfiable = "range-not-satisfiable"
        case invalid
        case tooManyRequests = "too-many-requests"
        case `internal`, upstream, unavailable
    }

    package var kind: Kind
    package var title: String
    package var status: Int
    /// What happened and what to do next, for people.
    package var detail: String?
    package var errors: [FieldError]
    /// In seconds; as the header `Retry-After` too.
    package var retryAfter: Int?
    /// For the header `Allow`.
    package var allow: [String]
    /// Where the report's rows and files are that were asked for.
    package var offloaded: OffloadView?

    package init(
        _ kind: Kind, title: String, status: Int, detail: String? = nil, errors: [FieldError] = [],
        retryAfter: Int? = nil, allow: [String] = []
    ) {
        self.kind = kind
        self.title = title
        self.status = status
        self.detail = detail
        self.errors = errors
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// `tag:reports.ers.dev,2026:invalid`
    package var type: String { "tag:reports.ers.dev,2026:\(kind.rawValue)" }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", type)
            $0.member("title", title)
            $0.member("status", status)
            $0.member("detail", detail)
            if !errors.isEmpty { $0.member("errors", errors) }
            $0.member("retryAfter", retryAfter)
            $0.member("offloaded", offloaded)
        }
    }
}

extension Problem {
    /// The same whether there is none or the caller may not see it.
    package static let notFound = Problem(
        .notFound, title: "Not found", status: 404,
        detail: "there is no such thing, or you may not see it; check its name and namespace, or ask who runs the "
            + "reports for the right to see it")

    package static func unauthorized(_ detail: String) -> Problem {
        Problem(.unauthorized, title: "Sign in first", status: 401, detail: detail)
    }

    package static func forbidden(_ detail: String) -> Problem {
        Problem(.forbidden, title: "Not allowed", status: 403, detail: detail)
    }

    /// Says who can grant it.
    package static func forbidden(verb: String, resource: String, namespace: String?, user: String) -> Problem {
        let place = namespace.map { "in namespace \($0.head(bytes: 253))" } ?? "in all namespaces"
        let binding =
            namespace.map { "a RoleBinding in \($0.head(bytes: 253))" } ?? "a ClusterRoleBinding"
        return .forbidden(
            "\(user.head(bytes: 256)) may not \(verb) \(resource) \(place); an administrator of "
                + "\(namespace == nil ? "the cluster" : "that namespace") can grant it with \(binding) to a role that "
                + "has the verb \(verb) on \(resource) of the group reports.ers.dev")
    }

    /// What was sent was understood, and its fields are wrong.
    package static func invalid(_ errors: [FieldError]) -> Problem {
        Problem(.invalid, title: "Some fields are wrong", status: 422, detail: summary(errors), errors: errors)
    }

    package static func badRequest(_ errors: [FieldError]) -> Problem {
        Problem(.badRequest, title: "Not understood", status: 400, detail: summary(errors), errors: errors)
    }

    package static func badRequest(_ detail: String) -> Problem {
        Problem(.badRequest, title: "Not understood", status: 400, detail: detail)
    }

    package static func conflict(_ detail: String) -> Problem {
        Problem(.conflict, title: "Not possible now", status: 409, detail: detail)
    }

    /// No courier has the archive that its rows and files are in.
    package static func offloaded(_ offload: OffloadView) -> Problem {
        var problem = Problem(.offloaded, title: "Offloaded", status: 409, detail: offload.sentence)
        problem.offloaded = offload
        return problem
    }

    package static func unavailable(_ detail: String, retryAfter: Int? = nil) -> Problem {
        Problem(.unavailable, title: "Not available now", status: 503, detail: detail, retryAfter: retryAfter)
    }

    package static func tooManyRequests(retryAfter: Int) -> Problem {
        Problem(
            .tooManyRequests, title: "Too many requests", status: 429,
            detail: "you have asked too often; try again in \(retryAfter) seconds", retryAfter: retryAfter)
    }

    /// `limit`: in bytes.
    package static func payloadTooLarge(limit: Int) -> Problem {
        Problem(
            .payloadTooLarge, title: "Too large", status: 413,
            detail: "the body is too large; at most \(limit) bytes are allowed")
    }

    package static func unsupportedMediaType(_ given: String?) -> Problem {
        let what = given.map { "the body is of type \(JSONValue.string($0.head(bytes: 100)).brief)" }
        return Problem(
            .unsupportedMediaType, title: "Media type not supported", status: 415,
            detail: "\(what ?? "the body has no type"); send application/json, in UTF-8, not compressed")
    }

    package static func notAcceptable(_ offered: [String]) -> Problem {
        Problem(
            .notAcceptable, title: "Not acceptable", status: 406,
            detail: "there is none of a type that Accept names; there are \(offered.joined(separator: ", "))")
    }

    package static func methodNotAllowed(_ allow: [String]) -> Problem {
        Problem(
            .methodNotAllowed, title: "Method not allowed", status: 405,
            detail: "allowed are \(allow.joined(separator: ", "))", allow: allow)
    }

    /// `size`: of the whole file, in bytes.
    package static func rangeNotSatisfiable(size: Int64) -> Problem {
        Problem(
            .rangeNotSatisfiable, title: "Range not satisfiable", status: 416,
            detail: "the file has \(size) bytes, and Range asks for others")
    }

    package static let requestTimeout = Problem(
        .timeout, title: "Too slow", status: 408, detail: "the request took too long to arrive; send it again")

    /// Says nothing of what went wrong, which is in the log under that id.
    package static func internalFault(id: String) -> Problem {
        Problem(
            .internal, title: "Something went wrong here", status: 500,
            detail: "try again; if it goes on, tell who runs the gateway, with the id \(id)")
    }

    /// What the API server or a store has answered.
    ///
    /// `status` is the API server's; its words are kept for what concerns the caller, whose rights and objects they are about.
    /// Nil: there was no answer.
    package static func upstream(status: Int?, message: String, retryAfter: Int? = nil) -> Problem {
        let message = message.head(bytes: 2048)
        switch status {
        case 400, 422: return Problem(.invalid, title: "Refused by the API server", status: 422, detail: message)
        case 403: return .forbidden(message)
        case 404, 410: return .notFound
        case 409: return .conflict(message)
        case 413: return Problem(.payloadTooLarge, title: "Too large", status: 413, detail: message)
        case 429, 503, 504, nil:
            return Problem(
                .upstream, title: "The API server can't answer now", status: 503, detail: message,
                retryAfter: retryAfter ?? 5)
        default:
            return Problem(.upstream, title: "The API server answers with an error", status: 502, detail: message)
        }
    }

    private static func summary(_ errors: [FieldError]) -> String {
        let shown = errors.prefix(3).map { "\($0.field): \($0.message)" }.joined(separator: "; ")
        return errors.count > 3 ? "\(shown); and \(errors.count - 3) more" : shown
    }
}
