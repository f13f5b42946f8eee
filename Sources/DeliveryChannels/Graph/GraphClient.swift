import AsyncSupport
package import FoundationEssentials
package import HTTPTransport

/// Calls of Microsoft Graph in the name of an application or of an account.
package struct GraphClient: Sendable {
    /// From the last byte sent until the answer begins.
    static let patience = Duration.seconds(60)
    static let bodyLimit = 1 << 20

    /// With the version, without a slash at the end.
    let base: String
    let tokens: AccessTokens
    let transport: HTTPTransport
    let now: @Sendable () -> Date

    package init(
        cloud: MicrosoftCloud, tokens: AccessTokens, transport: HTTPTransport,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        base = cloud.graph + "/v1.0"
        self.tokens = tokens
        self.transport = transport
        self.now = now
    }

    /// Any answer, of any status. `path`: behind the version, percent-encoded. A token that isn't taken is asked for
    /// anew, once.
    func answer(
        _ method: HTTPMethod = .get, _ path: String, body: GraphBody = .none, by deadline: ContinuousClock.Instant,
        mayBegin: (@Sendable () -> Bool)? = nil
    ) async throws(GraphFault) -> HTTPResponse {
        let token = try await token()
        let first = try await send(method, path, body, token, deadline, mayBegin)
        guard first.status == 401 else { return first }
        tokens.discard(token)
        return try await send(method, path, body, try await self.token(), deadline, mayBegin)
    }

    private func token() async throws(GraphFault) -> String {
        let token = await Result { () async throws(TokenFault) in try await tokens.accessToken() }
        return try token.mapError { GraphFault.token($0) }.get()
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ body: GraphBody, _ token: String, _ deadline: ContinuousClock.Instant,
        _ mayBegin: (@Sendable () -> Bool)?
    ) async throws(GraphFault) -> HTTPResponse {
        var request = HTTPRequest(
            method: method, url: path.hasPrefix("https://") ? path : base + path,
            headers: ["Authorization": "Bearer \(token)", "Accept": "application/json"], bodyLimit: Self.bodyLimit)
        switch body {
        case .none: if method == .post || method == .put { request.body = Data() }
        case .data(let data, let mediaType):
            request.headers["Content-Type"] = mediaType
            request.body = data
        case .file(let path, let size, let mediaType):
            request.headers["Content-Type"] = mediaType
            request.body = Data()
            request.bodySegments = [.file(path: path, size: size)]
        }
        request.mayBegin = mayBegin
        return try await Self.send(request, over: transport, by: deadline)
    }

    static func send(
        _ request: HTTPRequest, over transport: HTTPTransport, by deadline: ContinuousClock.Instant
    ) async throws(GraphFault) -> HTTPResponse {
        let left = deadline - .now
        guard left > .zero else { throw .late }
        var request = request
        request.timeouts = HTTPTimeouts(
            connect: min(left, .seconds(30)), firstByte: patience, idle: patience, total: left)
        let response = await Result { () async throws(HTTPError) in try await transport.send(request) }
        return try response.mapError { GraphFault.http($0) }.get()
    }
}

enum GraphBody: Sendable {
    case none
    case data(Data, String)
    /// Of the courier's disk, read while it goes out.
    case file(path: String, size: Int, mediaType: String)
}

/// Why a call came to no answer.
enum GraphFault: Error, Sendable {
    case token(TokenFault)
    case http(HTTPError)
    /// No time was left for it.
    case late
}
