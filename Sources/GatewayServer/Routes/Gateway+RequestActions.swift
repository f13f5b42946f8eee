internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import ReportAPI
internal import ReportClient

/// What is done with requests. All of it as the caller: her rights decide, and the audit log names her.
extension Gateway {
    func getRequest(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try NoQuery(request.uri.query).ignore()
        let key = try context.objectKey()
        try await requireSight(caller, .requests, in: key.namespace)
        guard let found = cache.requests.get(key) else { throw Problem.notFound }
        context.note.note(reportID: found.reportID)
        return .json(await view(found))
    }

    func patchRequest(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try context.objectKey()
        try await requireSight(caller, .requests, in: key.namespace)
        let body = try RequestPatchBody(try await BodyReader.json(request))
        let patched = try await clients.client(for: caller).patch(
            ReportRequest.self, name: key.name, namespace: key.namespace, merge: body.mergePatch)
        return .json(await told(patched))
    }

    func deleteRequest(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try context.objectKey()
        try await requireSight(caller, .requests, in: key.namespace)
        try await clients.client(for: caller).delete(
            ReportRequest.self, name: key.name, namespace: key.namespace,
            options: DeleteOptions(propagation: .background))
        return .noContent()
    }

    func cancelRequest(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try context.objectKey()
        try await requireSight(caller, .requests, in: key.namespace)
        switch try await cluster(caller, key.namespace).cancel(key.name) {
        case .asked(let patched): return .json(await told(patched), status: .accepted)
        case .over(let phase):
            throw Problem.conflict("It is over already: \(phase.rawValue). There is nothing to stop.")
        }
    }

    func retryRequest(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try context.objectKey()
        try await requireSight(caller, .requests, in: key.namespace)
        do {
            let (patched, _) = try await cluster(caller, key.namespace).retry(key.name)
            return .json(await told(patched), status: .accepted)
        } catch ClientError.retry(let refusal, _, _) {
            throw Problem.conflict(refusal.sentence)
        }
    }

    /// What the server answered, in the cache at once: the caller looks at the list next.
    func told(_ request: ReportRequest) async -> RequestView {
        cache.requests.record(request)
        return await view(request)
    }
}

extension RetryRefusal {
    fileprivate var sentence: String {
        switch self {
        case .beingDeleted: "It is being deleted."
        case .succeeded: "It succeeded: there is nothing to try again. Ask for a new report with the same parameters."
        case .notOver(let attempt, let phase):
            "Attempt \(attempt) is \(phase?.rawValue ?? "not begun yet"): it can be tried again when it is over."
        }
    }
}
