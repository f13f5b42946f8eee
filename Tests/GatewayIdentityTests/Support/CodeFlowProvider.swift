import AsyncSupport
import Foundation
import Logging
import LoopbackSupport
import Synchronization

@testable import GatewayIdentity

/// Any value of JSON that a test puts into claims.
struct AnySendable: @unchecked Sendable {
    let value: Any?

    init(_ value: Any?) { self.value = value }
}

/// A provider on the loopback whose page signs `ada` in at once, with a clock that stands still until it is moved.
final class CodeFlowProvider: Sendable {
    struct Ways: Sendable {
        /// Over the ID token's; a nil removes one.
        var claims: [String: AnySendable] = [:]
        var algorithm = "ES256"
        var isAway = false
        /// In place of tokens.
        var refusal: (Int, String)?
        var refreshesBringIDToken = false
    }

    private struct State {
        var ways = Ways()
        var asked: [String: String] = [:]
        var codes: [String: String] = [:]
        var refreshTokens: Set<String> = []
        var secrets: [String] = ["s+cret "]
    }

    private let key = TestKey.p256("first")
    private let state = Mutex(State())
    private let elapsed = Mutex(Duration.zero)
    private let server = Mutex<LoopbackServer?>(nil)
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sign-in-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("s+cret \n".utf8).write(to: folder.appendingPathComponent("secret"))
        let server = LoopbackServer { [weak self] request, _ in self?.answer(request) }
        self.server.withLock { $0 = server }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var issuer: String { server.withLock { $0?.address ?? "" } }
    var now: Date { Date(timeIntervalSince1970: 1_800_000_000 + elapsed.withLock { Double($0.components.seconds) }) }
    func pass(_ seconds: Int) { elapsed.withLock { $0 += .seconds(seconds) } }
    func change(_ change: (inout Ways) -> Void) { state.withLock { change(&$0.ways) } }
    /// Of the page, the last time.
    var asked: [String: String] { state.withLock { $0.asked } }
    /// What no message may have.
    var secrets: [String] { state.withLock { $0.secrets } }
    var tokenRequests: [LoopbackRequest] { server.withLock { $0?.requests.filter { $0.path == "/token" } ?? [] } }

    func signIn(_ change: (inout IssuerSettings) -> Void = { _ in }) throws -> SignIn {
        var settings = IssuerSettings(
            name: "company", issuer: issuer, clientID: "reports", usernamePrefix: "company:", groupsPrefix: "team:",
            groups: ["readers"])
        settings.allowInsecure = true
        settings.clientSecretFile = folder.appendingPathComponent("secret").path
        change(&settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clock = RuntimeClock(now: { self.elapsed.withLock { $0 } }, sleep: { _ in throw CancellationError() })
        let url = try PublicURL.of("https://reports.example.com/r/")
        return SignIn(
            [TrustedIssuer(settings, clock: clock, logger: logger)],
            rule: ImpersonationRule(IdentitySettings(issuers: [settings])),
            attributes: CookieAttributes(url), keys: try CookieKeys([Data(repeating: 7, count: 32)], of: url),
            logger: logger, now: { self.now })
    }

    /// What the page sends the browser back with.
    func authorize(_ location: String) -> String {
        let query = location.firstIndex(of: "?").map { location[location.index(after: $0)...] } ?? ""
        let fields = FormText.fields(String(query)) ?? [:]
        let code = "code-\(UUID().uuidString)"
        state.withLock { state in
            state.asked = fields
            state.codes[code] = fields["nonce"]
            state.secrets.append(code)
        }
        return FormText.encoded([("code", code), ("state", fields["state"] ?? "")])
    }

    private func answer(_ request: LoopbackRequest) -> LoopbackServer.Reply? {
        if state.withLock({ $0.ways.isAway }) { return .json("{}", status: 503) }
        switch request.path {
        case "/.well-known/openid-configuration":
            return .json(
                """
                {"issuer": "\(issuer)", "authorization_endpoint": "\(issuer)/authorize", "token_endpoint": "\(issuer)/token",
                 "jwks_uri": "\(issuer)/keys", "end_session_endpoint": "\(issuer)/end"}
                """)
        case "/keys":
            let keys = try? JSONSerialization.data(withJSONObject: ["keys": [key.jwk()]])
            return .json(String(decoding: keys ?? Data(), as: UTF8.self))
        case "/token":
            let (status, body) = tokens(FormText.fields(request.text) ?? [:])
            return .json(body, status: status)
        default: return .json("{}", status: 404)
        }
    }

    private func tokens(_ fields: [String: String]) -> (Int, String) {
        let ways = state.withLock { $0.ways }
        if let refusal = ways.refusal { return refusal }
        var nonce: String?
        let isKnown = state.withLock { state in
            if fields["grant_type"] == "refresh_token" {
                return state.refreshTokens.remove(fields["refresh_token"] ?? "") != nil
            }
            nonce = state.codes.removeValue(forKey: fields["code"] ?? "")
            return nonce != nil
        }
        guard isKnown else { return (400, #"{"error": "invalid_grant", "error_description": "unknown"}"#) }
        let refresh = "refresh-\(UUID().uuidString)"
        var answer: [String: Any] = ["access_token": "a", "expires_in": 600, "refresh_token": refresh]
        if nonce != nil || ways.refreshesBringIDToken { answer["id_token"] = try? idToken(ways, nonce) }
        state.withLock { state in
            state.refreshTokens.insert(refresh)
            state.secrets.append(refresh)
        }
        let body = try? JSONSerialization.data(withJSONObject: answer)
        return (200, String(decoding: body ?? Data(), as: UTF8.self))
    }

    private func idToken(_ ways: Ways, _ nonce: String?) throws -> String {
        let seconds = Int(now.timeIntervalSince1970)
        let claims: [String: Any?] = [
            "iss": issuer, "sub": "ada", "aud": "reports", "iat": seconds, "exp": seconds + 300, "nonce": nonce,
            "email": "ada@example.com", "email_verified": true, "name": "Ada", "groups": ["readers", "admins"],
        ]
        let changed = claims.merging(ways.claims.mapValues(\.value)) { $1 }.compactMapValues { $0 }
        return try key.token(changed, "ES256", header: ["alg": ways.algorithm])
    }
}
