internal import GatewayAPI
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import ReportClient
internal import ReportStores

extension Problem {
    /// Anything that was thrown while a request was answered. nil: it is our own fault, and nobody's business but the log's.
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as KubernetesError: self = .api(error)
        case let trouble as StoreTrouble: self = .record(trouble)
        case is OwnRightMissing:
            self = .unavailable("The gateway lacks a right of its own: who runs it finds which in its log.")
        case let error as ClientError:
            switch error {
            case .api(let error): self = .api(error)
            case .store(let trouble): self = .record(trouble)
            case .notFound, .notRecorded: self = .notFound
            case .creationUnknown(_, _, let error):
                self = .unavailable(
                    "Whether it was created isn't known: look before you ask again. \(error.message)", retryAfter: 5)
            default: return nil
            }
        case let error as any HTTPResponseError:
            self = .http(error.status)
        case is CancellationError:
            self = .unavailable("The gateway is being stopped: ask again.", retryAfter: 1)
        default: return nil
        }
    }

    private static func http(_ status: HTTPResponse.Status) -> Problem {
        switch status {
        case .notFound: .notFound
        case .contentTooLarge: .payloadTooLarge(limit: BodyReader.limit)
        case .unsupportedMediaType: .unsupportedMediaType(nil)
        case .requestTimeout: .requestTimeout
        default: .badRequest(status.reasonPhrase)
        }
    }

    /// Of what the caller may see, but hasn't got that.
    static func notFound(_ detail: String) -> Problem {
        var problem = Problem.notFound
        problem.detail = detail
        return problem
    }

    /// The record can't be asked.
    static func record(_ trouble: StoreTrouble) -> Problem {
        .unavailable("The record of reports can't be asked now; live requests can. \(trouble)", retryAfter: 5)
    }

    /// What the API server says, whose rights and checks are the gateway's.
    static func api(_ error: KubernetesError) -> Problem {
        switch error.code {
        case 401: .unauthorized("The API server doesn't take the token any more: sign in again.")
        // By RBAC, which names what is lacking and not who gives it, or by an admission policy, which says what to do.
        case 403 where error.message.contains(" cannot "):
            .forbidden("\(error.message); an administrator of that namespace can grant it with a RoleBinding")
        // A field of what was sent, in the server's words: its schema, or an admission policy.
        case 400, 422: .refused(error)
        default:
            .upstream(
                status: error.code, message: error.message,
                retryAfter: error.status?.details?.retryAfterSeconds ?? (error.isRetryable ? 5 : nil))
        }
    }

    private static func refused(_ error: KubernetesError) -> Problem {
        var problem = Problem.invalid(
            (error.status?.details?.causes ?? []).map { cause in
                let field = cause.field ?? ""
                return FieldError(
                    field.hasPrefix("spec.") ? String(field.dropFirst("spec.".count)) : field, cause.message ?? "")
            })
        problem.detail = error.message
        return problem
    }
}
