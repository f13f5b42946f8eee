internal import GatewayAPI
internal import HTTPTypes
package import Hummingbird
internal import KubernetesModel
internal import Logging
internal import NIOCore

/// Takes a whole answer. A class, since who writes is given away.
private final class CollectedBody: ResponseBodyWriter {
    private(set) var buffer = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { self.buffer.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Ends a connection after an answer.
private struct NothingMoreIsRead: Error {}

extension Response {
    /// The same answer, and then the connection's end.
    fileprivate var closing: Response {
        var closing = self
        let body = body
        closing.headers[.connection] = "close"
        closing.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            throw NothingMoreIsRead()
        }
        return closing
    }
}

/// Answers every request: routes, the page, and what all answers have in common.
package struct GatewayResponder: HTTPResponder {
    let router: RouterResponder<GatewayContext>
    let methods: Routes.MethodTable
    let page: PageFiles
    /// From slash to slash.
    let basePath: String
    let security: SecurityHeaders
    let addresses: ClientAddress
    let metrics: GatewayMetrics
    let logger: Logger

    package func respond(to request: Request, context: GatewayContext) async throws -> Response {
        let started = ContinuousClock.now
        context.note.note(
            client: addresses.address(
                peer: context.peer, forwardedFor: request.headers[values: .forwardedFor]))
        var response: Response
        do {
            // In a task of its own: a task keeps what its calls have taken of memory until it ends, and this one ends with the
            // connection.
            async let answered = answer(request, context)
            response = try await answered
        } catch {
            response = refusal(error, request, context)
        }
        if let cookie = context.note.value.cookie {
            response.headers.append(HTTPField(name: .setCookie, value: cookie))
        }
        security.add(to: &response)
        try await compress(&response, request)
        if mayHaveMore(request, response.status) { response = response.closing }
        log(request, response, context, started)
        return response
    }

    @concurrent
    private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let path = ownPath(of: request) else { throw Problem.notFound }
        if let own = path.own {
            // The page's files ask nobody who she is: there is nothing in them.
            guard !own.hasPrefix("api/"), !own.hasPrefix("auth/") else {
                let allowed = methods.allowed("/" + own)
                guard !allowed.isEmpty else { throw Problem.notFound }
                guard allowed.contains(request.method) else {
                    throw Problem.methodNotAllowed(allowed.map(\.rawValue))
                }
                var head = request.head
                head.path = "/" + own + path.query
                return try await router.respond(to: Request(head: head, body: request.body), context: context)
            }
            guard request.method == .get || request.method == .head else {
                throw Problem.methodNotAllowed(["GET", "HEAD"])
            }
            if let file = page.response(to: own, request) { return file }
        }
        throw Problem.notFound
    }

    /// The path behind the base path, and the query with its question mark; nil for one that is elsewhere.
    private func ownPath(of request: Request) -> (own: String?, query: String)? {
        let whole = request.head.path ?? "/"
        let end = whole.firstIndex(of: "?") ?? whole.endIndex
        let path = whole[..<end]
        guard path.hasPrefix(basePath) || path + "/" == basePath else { return nil }
        return (String(path.dropFirst(basePath.count)), String(whole[end...]))
    }

    /// Whether more of a body may come than anybody would read, after an answer that needs none of it. The server would read all
    /// of it, to find where the next request begins.
    private func mayHaveMore(_ request: Request, _ status: HTTPResponse.Status) -> Bool {
        guard status.code >= 400, request.method != .get, request.method != .head else { return false }
        guard status != .requestTimeout, let length = request.headers[.contentLength].flatMap({ Int($0) }) else {
            return true
        }
        return length > BodyReader.limit
    }

    private func refusal(_ error: any Error, _ request: Request, _ context: GatewayContext) -> Response {
        if let missing = error as? OwnRightMissing {
            logger.error(
                "The gateway lacks a right of its own",
                metadata: [
                    "error": "\(missing.error)",
                    "advice": "allow its service account to create tokenreviews and subjectaccessreviews",
                ])
        }
        if let problem = Problem(error) { return .problem(problem) }
        logger.error(
            "A request could not be answered",
            metadata: ["path": "\(request.uri.path)", "error": "\(type(of: error)): \(error)"])
        return .problem(.internalFault(id: context.id))
    }

    /// Whole answers of text. A stream is never held back, and what is compressed already stays as it is.
    private func compress(_ response: inout Response, _ request: Request) async throws {
        let type = response.headers[.contentType] ?? ""
        guard Self.compressible.contains(where: type.hasPrefix), response.headers[.contentEncoding] == nil,
            response.status != .partialContent, response.headers[.acceptRanges] == nil,
            let length = response.body.contentLength, (Gzip.threshold...Gzip.limit).contains(length),
            request.method != .head,
            AcceptedCodings(request.headers[values: .acceptEncoding]).has("gzip")
        else { return }
        let whole = CollectedBody()
        try await response.body.write(whole)
        response.headers[.vary] = "Accept-Encoding"
        response.headers[.contentLength] = nil
        guard let bytes = whole.buffer.withUnsafeReadableBytes(Gzip.compressed) else {
            response.body = ResponseBody(byteBuffer: whole.buffer)
            return
        }
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        response.headers[.contentEncoding] = "gzip"
    }

    private static let compressible = ["application/json", "application/problem+json", "text/csv", "text/plain"]

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private func log(
        _ request: Request, _ response: Response, _ context: GatewayContext, _ started: ContinuousClock.Instant
    ) {
        let duration = started.duration(to: .now)
        metrics.answered(
            // HTTP/2 takes any word for a method.
            method: Self.methods.contains(request.method) ? request.method.rawValue : "OTHER",
            route: context.endpointPath ?? "other", status: response.status.code,
            duration: duration)
        guard logger.logLevel <= .info else { return }
        let facts = context.note.value
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue)",
            // Without the query, which may contain anything.
            "path": "\(request.uri.path)",
            "status": "\(response.status.code)",
            "milliseconds": "\(Int(duration / .milliseconds(1)))",
            "client": "\(facts.client ?? "unknown")",
        ]
        if let user = facts.user { metadata["user"] = "\(user)" }
        if let report = facts.reportID { metadata["report"] = "\(report)" }
        logger.info("Answered", metadata: metadata)
    }
}
