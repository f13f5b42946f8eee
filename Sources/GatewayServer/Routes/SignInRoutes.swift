internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Where browsers go to sign in and out. Not part of the API: nothing here gives data away.
struct SignInRoutes: Sendable {
    let sessions: GatewaySessions?
    let limiter: RateLimiter
    /// From slash to slash.
    let basePath: String

    func add(to routes: inout Routes) {
        routes.on(.get, "/auth/issuers") { _, _ in issuers() }
        routes.on(.get, "/auth/sign-in") { request, context in try await begin(request, context) }
        routes.on(.get, "/auth/callback") { request, context in try await finish(request, context) }
        routes.on(.post, "/auth/sign-out") { request, _ in try await signOut(request) }
    }

    /// For the page, where there are several to choose from.
    private func issuers() -> Response {
        var writer = JSONWriter()
        writer.object { $0.member("issuers", sessions?.signIn.issuerNames ?? []) }
        return .json(writer.bytes)
    }

    private func begin(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try slowDown(context)
        guard let sessions else {
            throw Problem.notFound("Nobody signs in here: the gateway takes bearer tokens alone.")
        }
        let query = request.uri.queryParameters
        let result = await sessions.signIn.begin(
            issuer: query.get("issuer"), returnPath: query.get("return"))
        switch result {
        case .success(let beginning):
            return Response(
                status: .found,
                headers: [.location: beginning.location, .setCookie: beginning.cookie, .cacheControl: "no-store"])
        case .failure(let fault): return page(fault, cookies: [])
        }
    }

    private func finish(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try slowDown(context)
        guard let sessions else { throw Problem.notFound }
        let result = await sessions.signIn.finish(
            query: request.uri.query ?? "", cookies: request.headers[values: .cookie])
        // A sign-in counts once, whatever came of it.
        var cookies = [sessions.signIn.removal]
        switch result {
        case .success(let done):
            guard let made = sessions.cookie.made(done.session) else {
                return page(
                    "Your session doesn't fit into a cookie: you are in too many groups that count here.", 502, cookies)
            }
            cookies.append(made.header)
            context.note.note(user: done.session.user)
            return redirect(basePath + done.returnPath.dropFirst(), cookies)
        case .failure(let fault): return page(fault, cookies: cookies)
        }
    }

    /// A form of our own page posts it, with the token that another site's lacks.
    private func signOut(_ request: Request) async throws -> Response {
        guard let sessions else { throw Problem.notFound }
        let session = sessions.cookie.session(in: request.headers[values: .cookie], at: Date())
        var writer = JSONWriter()
        var next: String?
        if let session {
            guard sessions.csrf.isRight(request.headers[.csrfToken], for: session) else {
                throw Problem.forbidden("The header X-CSRF-Token is missing or wrong: load the page anew.")
            }
            next = await sessions.signIn.endSessionURL(session)
        }
        // Where the provider signs her out too; the page goes there.
        writer.object { $0.member("location", next) }
        return .json(writer.bytes, headers: [.setCookie: sessions.cookie.removal])
    }

    private func slowDown(_ context: GatewayContext) throws {
        if let seconds = limiter.wait(for: "sign-in \(context.note.value.client ?? "unknown")") {
            throw Problem.tooManyRequests(retryAfter: seconds)
        }
    }

    private func redirect(_ location: String, _ cookies: [String]) -> Response {
        var headers: HTTPFields = [.location: location, .cacheControl: "no-store"]
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(status: .seeOther, headers: headers)
    }

    private func page(_ fault: SignInFault, cookies: [String]) -> Response {
        let status =
            switch fault.kind {
            case .unknownIssuer: 404
            case .refused: 403
            case .stale: 400
            case .providerAway: 503
            case .misconfigured: 502
            case .ended: 401
            }
        return page(fault.words.prefix(1).uppercased() + fault.words.dropFirst() + ".", status, cookies)
    }

    /// A small page without scripts, for somebody on her way.
    private func page(_ words: String, _ status: Int, _ cookies: [String]) -> Response {
        let escaped = words.reduce(into: "") { text, character in
            switch character {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "&": text += "&amp;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        let html = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign-in</title>\
            <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>\
            <body><main><h1>You are not signed in</h1><p>\(escaped)</p>\
            <p><a href="\(basePath)auth/sign-in">Sign in again</a> · <a href="\(basePath)">To the start</a></p></main></body></html>
            """
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}
