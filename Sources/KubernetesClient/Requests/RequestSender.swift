import FoundationEssentials
import HTTPTransport
import JSONReading
import KubernetesModel
import Logging

/// Sends requests to one server: address, credentials, retries, errors.
final class RequestSender: Sendable {
    let fieldManager: String
    let serverClock: ServerClock
    let serverReturn: ServerReturn

    private let server: String
    private let headers: HTTPHeaders
    private let acceptsCompression: Bool
    private let transport: any APITransport
    private let credentials: any CredentialSource
    private let identityFiles: IdentityFiles?
    private let warnings: WarningLog
    private let observer: (any RequestObserver)?
    private let policy: RetryPolicy
    private let pause: @Sendable (Duration) async throws(CancellationError) -> Void

    init(
        configuration: ClientConfiguration,
        userAgent: String,
        logger: Logger,
        observer: (any RequestObserver)?,
        transport: (any APITransport)? = nil,
        policy: RetryPolicy = RetryPolicy(),
        pause: @escaping @Sendable (Duration) async throws(CancellationError) -> Void = RequestSender.sleep
    ) {
        let transport =
            transport
            ?? HTTPTransport(configuration: HTTPTransportConfiguration(configuration), logger: logger)
        self.transport = transport
        serverClock = ServerClock(logger: logger)
        serverReturn = ServerReturn()
        server = configuration.server.hasSuffix("/") ? String(configuration.server.dropLast()) : configuration.server
        var headers = HTTPHeaders([("Accept", "application/json"), ("User-Agent", userAgent)])
        for (name, value) in configuration.impersonation?.headers ?? [] { headers.add(name: name, value: value) }
        self.headers = headers
        fieldManager = String(userAgent.prefix { $0 != "/" }.prefix(128))
        acceptsCompression = !configuration.disableCompression
        credentials = configuration.authentication.credentialSource(logger: logger) { transport.closeIdleConnections() }
        identityFiles = IdentityFiles(configuration.clientIdentity) { transport.closeIdleConnections() }
        warnings = WarningLog(logger: logger)
        self.observer = observer
        self.policy = policy
        self.pause = pause
    }

    /// The same server by the same connections, with other credentials or on somebody else's behalf.
    init(_ other: RequestSender, impersonating: ClientConfiguration.Impersonation?, token: Secret?) {
        fieldManager = other.fieldManager
        serverClock = other.serverClock
        serverReturn = other.serverReturn
        server = other.server
        var headers = other.headers
        for (name, value) in impersonating?.headers ?? [] { headers.add(name: name, value: value) }
        self.headers = headers
        acceptsCompression = other.acceptsCompression
        transport = other.transport
        credentials = token.map { FixedCredentials(credentials: .bearer($0)) } ?? other.credentials
        identityFiles = other.identityFiles
        warnings = other.warnings
        observer = other.observer
        policy = other.policy
        pause = other.pause
    }

    func shutdown() { transport.shutdown() }

    func bearerToken() async throws(KubernetesError) -> Secret? {
        let prefix = "Bearer "
        let used: Credentials
        do throws(CredentialError) { used = try await credentials.current() } catch {
            throw KubernetesError(kind: .credentials(error.message))
        }
        guard let text = used.authorization?.value, text.hasPrefix(prefix) else { return nil }
        return Secret(String(text.dropFirst(prefix.count)))
    }

    /// The body of the response to a request that succeeded.
    func send(_ request: APIRequest) async throws(KubernetesError) -> Data {
        try await perform(request) { (attempt) throws(HTTPError) in
            let response = try await self.transport.send(attempt)
            return Reply(status: response.status, headers: response.headers, value: response.body) {
                () throws(HTTPError) in response.body
            }
        }
    }

    /// The body of the response to a request that succeeded, as it arrives.
    func stream(_ request: APIRequest) async throws(KubernetesError) -> HTTPBody {
        try await perform(request) { (attempt) throws(HTTPError) in
            let response = try await self.transport.stream(attempt)
            return Reply(status: response.status, headers: response.headers, value: response.body) {
                () throws(HTTPError) in
                var body = Data()
                for try await piece in response.body {
                    body.append(piece)
                    if body.count > 64 << 10 { break }
                }
                return body
            }
        }
    }

    /// The response's body as a value; `decoding` says where it isn't what it should be, and not what was there.
    func decoded<Value: Decodable>(
        _ type: Value.Type, from request: APIRequest
    ) async throws(KubernetesError) -> Value {
        try await decoded(from: request) { try JSONReader().decode(type, from: $0) }
    }

    /// The same, as `read` has it.
    func decoded<Value>(
        from request: APIRequest, _ read: (Data) throws -> Value
    ) async throws(KubernetesError) -> Value {
        let body = try await send(request)
        do {
            return try read(body)
        } catch {
            let message = (error as? DecodingError)?.pathAndReason ?? "\(error)"
            throw KubernetesError(
                kind: .decoding("The answer doesn't decode: \(message)"), operation: request.operation)
        }
    }

    /// A response whose head is there; `errorBody` reads the rest, for what went wrong.
    private struct Reply<Value> {
        let status: Int
        let headers: HTTPHeaders
        let value: Value
        let errorBody: () async throws(HTTPError) -> Data
    }

    private func perform<Value>(
        _ request: APIRequest, _ attemptOnce: (HTTPRequest) async throws(HTTPError) -> Reply<Value>
    ) async throws(KubernetesError) -> Value {
        if let name = request.path.impossible {
            // Somebody wrote it into an object. It isn't asked for, since the question would be another one.
            let message = "no object can be called \"\(name.head(bytes: 64))\""
            throw KubernetesError(
                APIStatus(message: message, reason: "NotFound", code: 404), operation: request.operation)
        }
        var used = try await currentCredentials(for: request)
        var wasRefused = false
        var attempt = 1
        var waited = Duration.zero
        while true {
            let failure: RetryPolicy.Failure
            let error: KubernetesError
            if let mayBeSent = request.mayBeSent, !mayBeSent() {
                throw KubernetesError(kind: .cancelled, operation: request.operation)
            }
            let started = ContinuousClock.now
            observer?.requestStarted(verb: request.verb.rawValue, resource: request.path.resource)
            do throws(HTTPError) {
                let reply = try await attemptOnce(httpRequest(request, used))
                observe(request, status: reply.status, body: reply.value as? Data, since: started)
                warnings.log(reply.headers)
                // What refuses may be something else on the way to it.
                if reply.status < 400 {
                    serverClock.note(reply.headers, since: started)
                    serverReturn.noteAnswer()
                    return reply.value
                }
                failure = .response(status: reply.status, retryAfter: RetryPolicy.retryAfter(reply.headers))
                error = KubernetesError(
                    status: reply.status,
                    headers: reply.headers,
                    body: (try? await reply.errorBody()) ?? Data(),
                    operation: request.operation,
                    isWrite: request.verb.isWrite
                )
            } catch let lost {
                observe(request, status: nil, body: nil, since: started)
                if lost.isRetryable { serverReturn.noteAbsence() }
                failure = .transport(lost.code)
                error = KubernetesError(lost, operation: request.operation, isWrite: request.verb.isWrite)
            }
            // A refused request did nothing, so it is sent once more if there are other credentials by now.
            if error.code == 401, !wasRefused, let fresh = await replacement(for: used) {
                wasRefused = true
                used = fresh
                observer?.requestRetried(verb: request.verb.rawValue, resource: request.path.resource, code: 401)
                continue
            }
            // A caller that keeps a watch up has a backoff of its own.
            guard request.verb != .watch,
                let pause = policy.pause(
                    after: failure,
                    attempt: attempt,
                    isWrite: request.verb.isWrite,
                    waited: waited,
                    jitter: Double.random(in: 0..<1)
                )
            else { throw error }
            observer?.requestRetried(verb: request.verb.rawValue, resource: request.path.resource, code: error.code)
            try await wait(pause, for: request)
            used = try await currentCredentials(for: request)
            waited += pause
            attempt += 1
        }
    }

    private func httpRequest(_ request: APIRequest, _ credentials: Credentials) -> HTTPRequest {
        var headers = headers
        if let accept = request.accept { headers["Accept"] = accept }
        if let contentType = request.contentType { headers.add(name: "Content-Type", value: contentType) }
        if let authorization = credentials.authorization {
            headers.add(name: "Authorization", value: authorization.value)
        }
        return HTTPRequest(
            method: request.verb.method,
            url: server + request.target,
            headers: headers,
            body: request.body,
            timeouts: request.timeouts,
            // A watch is never compressed, and only large answers are.
            acceptsCompression: acceptsCompression && request.verb == .list,
            clientIdentity: credentials.identity,
            bodyLimit: request.bodyLimit
        )
    }

    private func currentCredentials(for request: APIRequest) async throws(KubernetesError) -> Credentials {
        identityFiles?.check()
        do throws(CredentialError) {
            return try await credentials.current()
        } catch {
            throw KubernetesError(kind: .credentials(error.message), operation: request.operation)
        }
    }

    /// nil also when there are none to be had: the server's own refusal tells more then.
    private func replacement(for used: Credentials) async -> Credentials? {
        try? await credentials.replacement(for: used)
    }

    private func wait(_ pause: Duration, for request: APIRequest) async throws(KubernetesError) {
        do throws(CancellationError) {
            try await self.pause(pause)
        } catch {
            throw KubernetesError(kind: .cancelled, operation: request.operation)
        }
    }

    private func observe(_ request: APIRequest, status: Int?, body: Data?, since started: ContinuousClock.Instant) {
        guard let observer else { return }
        let (verb, resource) = (request.verb.rawValue, request.path.resource)
        observer.requestFinished(verb: verb, resource: resource, code: status, duration: started.duration(to: .now))
        observer.requestTransferred(
            verb: verb, resource: resource, sent: request.body?.count ?? 0, received: body?.count ?? 0)
    }

    private static func sleep(_ pause: Duration) async throws(CancellationError) {
        do {
            try await Task.sleep(for: pause)
        } catch {
            throw CancellationError()
        }
    }
}
