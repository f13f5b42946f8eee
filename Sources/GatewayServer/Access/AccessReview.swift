internal import GatewayIdentity
internal import KubernetesClient
internal import KubernetesModel
internal import ReportAPI

/// Something that somebody may or may not do.
package struct AccessReview: Sendable {
    package enum Verb: String, Hashable, Sendable {
        case get, list, watch, create, update, patch, delete
        /// Name somebody else as a report's requester.
        case requestForOthers = "request-for-others"
    }

    package enum Resource: String, Hashable, Sendable {
        case requests = "reportrequests"
        case pipelines = "reportpipelines"
        case schedules = "reportschedules"
        case deliveries = "reportdeliveries"
        case logs = "pods/log"
    }

    package let verb: Verb
    package let resource: Resource
    /// nil: in all of them.
    package let namespace: String?

    package init(_ verb: Verb, _ resource: Resource, in namespace: String?) {
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
    }

    /// A `SubjectAccessReview` that asks it of a caller.
    func manifest(for caller: Caller) -> JSONValue {
        let parts = resource.rawValue.split(separator: "/")
        return .object([
            "apiVersion": .string("authorization.k8s.io/v1"),
            "kind": .string("SubjectAccessReview"),
            "spec": .compact([
                "user": .string(caller.user),
                "groups": .array(caller.reviewedGroups.map(JSONValue.string)),
                "extra": caller.reviewedExtra.isEmpty
                    ? nil
                    : .object(JSONObject(caller.reviewedExtra.lazy.map { ($0, .strings($1)) })),
                "resourceAttributes": .compact([
                    "group": .string(resource == .logs ? "" : ReportsAPI.group),
                    "resource": .string(String(parts[0])),
                    "subresource": parts.count > 1 ? .string(String(parts[1])) : nil,
                    "verb": .string(verb.rawValue),
                    "namespace": namespace.map(JSONValue.string),
                ]),
            ]),
        ])
    }
}

extension Caller {
    /// Every authenticated user belongs to that one: the API server adds it by itself to impersonated users.
    var reviewedGroups: [String] {
        groups.contains("system:authenticated") ? groups : groups + ["system:authenticated"]
    }

    /// What the API server would know of her beyond name and groups.
    var reviewedExtra: [String: [String]] {
        switch evidence {
        case .kubernetes: extra
        case .session, .token: email.map { [Self.emailKey: [$0]] } ?? [:]
        }
    }

    /// The extra field in which the e-mail address goes to the API server, where the admission policies look for it first.
    static var emailKey: String { "reports.ers.dev/email" }
}

/// The gateway's own service account may not do what it has to. Whoever asked can do nothing about it, and isn't to learn more.
struct OwnRightMissing: Error {
    let error: KubernetesError
}

extension KubernetesClient {
    /// Asks the API server for a review, as the gateway itself. Throws `OwnRightMissing` or `KubernetesError`.
    func review(_ kind: ResourceKind, _ manifest: JSONValue) async throws -> JSONValue {
        let result: Result<JSONValue, KubernetesError>
        do throws(KubernetesError) {
            result = .success(try await createWhole(kind, manifest: manifest, namespace: nil))
        } catch { result = .failure(error) }
        if case .failure(let error) = result, error.isForbidden { throw OwnRightMissing(error: error) }
        return try result.get()
    }
}
