import AsyncSupport
import Foundation
import GatewayIdentity
import Logging
import LoopbackSupport
import Synchronization

/// A provider on the loopback whose keys, and whose trouble, a test decides on; with a clock that stands still until it is moved.
final class TestProvider: Sendable {
    struct Pages: Sendable {
        var keys = Data()
        /// Over the discovery document's members; empty removes one.
        var changes: [String: String] = [:]
        /// In place of the document.
        var document: String?
        var isAway = false
    }

    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private let pages = Mutex(Pages())
    private let elapsed = Mutex(Duration.zero)
    private let server = Mutex<LoopbackServer?>(nil)

    init(_ keys: [[String: Any]] = []) throws {
        try show(keys)
        let server = LoopbackServer { [weak self] request, _ in self?.answer(request) }
        self.server.withLock { $0 = server }
    }

    private func answer(_ request: LoopbackRequest) -> LoopbackServer.Reply? {
        let pages = pages.withLock { $0 }
        if pages.isAway { return nil }
        if request.path == "/keys" { return .json(String(decoding: pages.keys, as: UTF8.self)) }
        guard request.path == "/.well-known/openid-configuration" else { return .json("{}", status: 404) }
        if let document = pages.document { return .json(document) }
        let members = [
            "issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
            "jwks_uri": issuer + "/keys",
        ].merging(pages.changes) { $1 }.filter { !$0.value.isEmpty }
        let text = try? JSONEncoder().encode(members)
        return text.map { .json(String(decoding: $0, as: UTF8.self)) }
    }

    var issuer: String { server.withLock { $0?.address ?? "" } }

    /// How often its keys were fetched.
    var fetches: Int { server.withLock { $0?.requests.count { $0.path == "/keys" } ?? 0 } }

    /// How often anything was asked.
    var questions: Int { server.withLock { $0?.requests.count ?? 0 } }

    func show(_ keys: [[String: Any]]) throws {
        let text = try JSONSerialization.data(withJSONObject: ["keys": keys])
        change { $0.keys = text }
    }

    func change(_ change: (inout Pages) -> Void) { pages.withLock { change(&$0) } }

    func pass(_ seconds: Int) { elapsed.withLock { $0 += .seconds(seconds) } }

    var now: Date { Self.start.addingTimeInterval(elapsed.withLock { $0.seconds }) }

    func settings(_ change: (inout IssuerSettings) -> Void = { _ in }) -> IssuerSettings {
        var settings = IssuerSettings(
            name: "company", issuer: issuer, clientID: "reports", usernamePrefix: "company:", groupsPrefix: "team:",
            groups: ["readers", "Domain Users"])
        settings.audiences = ["api"]
        settings.allowInsecure = true
        change(&settings)
        return settings
    }

    func trusted(_ settings: IssuerSettings) -> TrustedIssuer {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clock = RuntimeClock(now: { self.elapsed.withLock { $0 } }, sleep: { _ in throw CancellationError() })
        return TrustedIssuer(settings, clock: clock, logger: logger)
    }

    func verifier(_ change: (inout IssuerSettings) -> Void = { _ in }, others: [IssuerSettings] = []) -> TokenVerifier {
        let settings = [settings(change)] + others
        let rule = ImpersonationRule(IdentitySettings(issuers: settings))
        return TokenVerifier(settings.map(trusted), rule: rule, now: { self.now })
    }

    /// A verifier with the keys that it uses: their `run` fetches once, whenever it is called.
    func verifierAndKeys() -> (TokenVerifier, KeySet) {
        let issuer = trusted(settings())
        let rule = ImpersonationRule(IdentitySettings(issuers: [issuer.settings]))
        return (TokenVerifier([issuer], rule: rule, now: { self.now }), issuer.keys)
    }

    /// What a good token says; a nil removes a claim.
    func claims(_ changes: [String: Any?] = [:]) -> [String: Any] {
        let seconds = Int(now.timeIntervalSince1970)
        let claims: [String: Any?] = ["iss": issuer, "sub": "ada", "aud": "api", "iat": seconds, "exp": seconds + 300]
        return claims.merging(changes) { $1 }.compactMapValues { $0 }
    }
}
