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

    private static let tooManyGroups =
        "Your session doesn't fit into a cookie: you are in too many groups that count here."

    private var pages: SignInPages { SignInPages(basePath: basePath) }

    func add(to routes: inout Routes) {
        routes.on(.get, "/auth/issuers") { _, _ in issuers() }
        routes.on(.get, "/auth/sign-in") { request, context in try await begin(request, context) }
        routes.on(.get, "/auth/callback") { request, context in try await finish(request, context) }
        routes.on(.post, "/auth/sign-out") { request, _ in try await signOut(request) }
        guard sessions?.handOver != nil else { return }
        routes.on(.get, "/auth/hand-over.js") { _, _ in pages.scriptFile() }
        routes.on(.post, "/auth/hand-over") { request, context in try await takeOver(request, context) }
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
            issuer: query.get("issuer"), returnPath: query.get("return"), handOver: query.get("handover"))
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
                return pages.refusal(Self.tooManyGroups, 502, cookies: cookies)
            }
            context.note.note(user: done.session.user)
            if let challenge = done.handOver {
                guard let token = sessions.handOver?.token(for: done.session, challenge: challenge) else {
                    return pages.refusal(
                        "The page isn't shown inside another page here: open it by its own address, and sign in there.",
                        400, cookies: cookies)
                }
                return pages.handOver(token, cookies: cookies)
            }
            cookies.append(made.header)
            return redirect(basePath + done.returnPath.dropFirst(), cookies)
        case .failure(let fault): return page(fault, cookies: cookies)
        }
    }

    /// A frame's page comes with what its window has got. Another site's page can't: what it may send unasked is no JSON.
    private func takeOver(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try slowDown(context)
        guard let sessions, let handOver = sessions.handOver else { throw Problem.notFound }
        if let site = request.headers[.secFetchSite], site != "same-origin" {
            throw Problem.forbidden("This is for the page itself alone.")
        }
        let body = try HandOverBody(try await BodyReader.json(request))
        guard let session = handOver.session(in: body.token, verifier: body.verifier) else {
            throw Problem.badRequest("this sign-in is too old, or was begun elsewhere; sign in again")
        }
        guard let made = sessions.cookie.made(session) else { throw Problem.badRequest(Self.tooManyGroups) }
        context.note.note(user: session.user)
        return Response(status: .noContent, headers: [.setCookie: made.header, .cacheControl: "no-store"])
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
        return pages.refusal(
            fault.words.prefix(1).uppercased() + fault.words.dropFirst() + ".", status, cookies: cookies)
    }
}
