import FoundationEssentials
package import HTTPTransport
package import KubernetesClient
package import KubernetesModel
import Logging
import Synchronization

/// An API server in this process: resource versions, conflicts, finalizers, owners, pages and selectors as Kubernetes has
/// them, and faults as a test wants them. The client on it is the real one.
///
/// Nothing happens by itself. Time stands still until the test moves it, the garbage collector does a round when it is
/// told to, and a watch is as far behind as the test lets it be (`WatchFeed`).
///
/// For example:
///
///     let server = InMemoryAPIServer { call in call.number == 3 ? .replyLost : nil }
///     let job = try await server.client.get(Job.self, name: "report-1", namespace: "finance")
package final class InMemoryAPIServer: APITransport {
    private let guarded: Mutex<APIState>
    private let faults: @Sendable (APICall) -> APIFault?
    /// The server after each write that came by way of the API, while they are asked for.
    private let moments = Mutex<[APIState]?>(nil)

    /// `faults` says what goes wrong with a request; it must depend on nothing but the request.
    package init(_ state: APIState = APIState(), faults: @escaping @Sendable (APICall) -> APIFault? = { _ in nil }) {
        guarded = Mutex(state)
        self.faults = faults
    }

    /// A client that waits for nothing before it repeats a request.
    package var client: KubernetesClient {
        KubernetesClient(over: self, userAgent: "tests", logger: Logger(label: "tests")) {
            (_: Duration) throws(CancellationError) in
        }
    }

    // MARK: For the test

    package var state: APIState { guarded.withLock { $0 } }

    package func update<Result: Sendable>(_ body: @Sendable (inout APIState) throws -> Result) rethrows -> Result {
        try guarded.withLock { try body(&$0) }
    }

    /// Takes an object in as a test or a person has made it.
    package func insert<R: KubernetesResource>(_ object: R) throws {
        let manifest = try JSONValue(encoding: object)
        try update { state in
            _ = try state.create(
                R.resourceKind.qualifiedName, manifest, namespace: object.metadata.namespace, asIs: true)
        }
    }

    /// Makes an object as a controller of Kubernetes does.
    ///
    /// - Returns: its uid.
    package func make(_ resource: String, _ manifest: JSONValue, namespace: String) throws -> String {
        try update { try $0.create(resource, manifest, namespace: namespace).uid }
    }

    /// The object as it is now.
    package func find<R: KubernetesResource>(_ type: R.Type, _ name: String, namespace: String = "finance") -> R? {
        let key = ObjectKey(namespace: namespace, name: name)
        return try? state.object(R.resourceKind.qualifiedName, key)?.decoded(type)
    }

    package func all<R: KubernetesResource>(_ type: R.Type) -> [R] {
        state.all(R.resourceKind.qualifiedName).compactMap { try? $0.decoded(type) }
    }

    /// A write of somebody else than the operator.
    package func patch<R: KubernetesResource>(
        _ type: R.Type, _ key: ObjectKey, _ patch: JSONValue, subresource: String? = nil
    ) throws {
        try update { state in
            _ = try state.patch(R.resourceKind.qualifiedName, key, patch, subresource: subresource)
        }
    }

    package func delete<R: KubernetesResource>(
        _ type: R.Type, _ key: ObjectKey, propagation: String = "Background"
    ) throws {
        try update { state in
            try state.delete(
                R.resourceKind.qualifiedName, key, .object(["propagationPolicy": .string(propagation)]))
        }
    }

    /// What the server was like after each write of the operator while `body` ran.
    package func recordingWrites(_ body: () async throws -> Void) async rethrows -> [APIState] {
        moments.withLock { $0 = [] }
        try await body()
        return moments.withLock { moments in
            defer { moments = nil }
            return moments ?? []
        }
    }

    // MARK: For the client

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if let known = Self.discovery(request) { return known }
        guard var call = APICall(request) else { return Self.response(APIRefusal(404, "NotFound", "no such path")) }
        let (answer, fault) = guarded.withLock { state -> (HTTPResponse?, APIFault?) in
            call.now = state.now
            call.number = state.writes
            if call.verb.isWrite { state.writes += 1 }
            let fault = faults(call)
            switch fault {
            case .requestLost: return (nil, fault)
            case .refused(let status): return (Self.response(status), fault)
            case .replyLost, nil:
                let answer = Self.answer(call, &state)
                if call.verb.isWrite, answer.status < 400 { moments.withLock { $0?.append(state) } }
                return (answer, fault)
            }
        }
        switch (fault, answer) {
        case (nil, let answer?), (.refused, let answer?): return answer
        case (let fault, _):
            let reached = if case .replyLost? = fault { true } else { false }
            throw HTTPError(
                code: .connectionLost, message: "the connection was lost", url: request.url,
                mayHaveReachedServer: reached)
        }
    }

    package func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStreamingResponse {
        throw HTTPError(code: .invalidRequest, message: "a watch is fed by the test", url: request.url)
    }

    package func closeIdleConnections() {}

    package func shutdown() {}

    private static func answer(_ call: APICall, _ state: inout APIState) -> HTTPResponse {
        do throws(APIRefusal) {
            switch call.verb {
            case .get:
                guard let object = state.object(call.resource, call.key) else {
                    throw state.notFound(call.resource, call.name)
                }
                return response(200, object.text)
            case .list:
                let text = try state.list(
                    call.resource, namespace: call.namespace,
                    selector: try LabelSelector(query: call.query),
                    limit: call.query["limit"].flatMap { Int($0) }, token: call.query["continue"])
                return response(200, text)
            case .create:
                let made = try state.create(call.resource, call.body, namespace: call.namespace ?? "")
                return response(201, made.text)
            case .patch:
                let written = try state.patch(call.resource, call.key, call.body, subresource: call.subresource)
                return response(200, written.text)
            case .delete:
                try state.delete(call.resource, call.key, call.body)
                return response(200, Data(#"{"kind":"Status","status":"Success"}"#.utf8))
            }
        } catch {
            state.refusals.append(
                "\(call.verb.rawValue) \(call.resource) \(call.objectName): \(error.status.reason ?? "")")
            return response(error.status)
        }
    }

    /// What an API server of that release says of itself.
    private static func discovery(_ request: HTTPRequest) -> HTTPResponse? {
        if request.url.hasSuffix("/version") {
            return response(200, Data(#"{"major":"1","minor":"31","gitVersion":"v1.31.0"}"#.utf8))
        }
        guard request.url.hasSuffix("/apis/batch/v1") else { return nil }
        let cronJobs = #"{"name":"cronjobs","kind":"CronJob","namespaced":true,"verbs":["list","watch"]}"#
        return response(200, Data(#"{"kind":"APIResourceList","resources":[\#(cronJobs)]}"#.utf8))
    }

    private static func response(_ refusal: APIRefusal) -> HTTPResponse { response(refusal.status) }

    private static func response(_ status: APIStatus) -> HTTPResponse {
        let json = (try? JSONValue(encoding: status)) ?? .null
        var answer = response(status.code ?? 500, Data(json.setting("kind", .string("Status")).jsonText))
        if let seconds = status.details?.retryAfterSeconds { answer.headers["Retry-After"] = "\(seconds)" }
        return answer
    }

    private static func response(_ status: Int, _ body: Data) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: body)
    }
}
