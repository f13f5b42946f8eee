import AsyncSupport
import FoundationEssentials
import GatewayIdentity
import HTTPTransport
import Logging
import ServiceSupport
import Synchronization

/// A real provider, sign-in at it, and a person's browser in front of it.
struct SignInBed: Sendable {
    struct Trouble: Error, CustomStringConvertible {
        let description: String
    }

    let services: LiveServices
    let signIn: SignIn
    /// What was added to the clock that keys are fetched by.
    private let ahead = Elapsed()
    private let transport = HTTPTransport(configuration: HTTPTransportConfiguration(proxy: .none), logger: Self.logger)

    private final class Elapsed: Sendable {
        let value = Mutex(Duration.zero)
    }

    private static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private static let home = "http://127.0.0.1:9/reports"

    /// Starts a provider for one test.
    static func with<Result>(_ name: String, _ body: (SignInBed) async throws -> Result) async throws -> Result {
        try await LiveServices.with(.signIn, name: name) { services in
            try await services.allowRedirects(to: ["\(home)/auth/callback"])
            return try await body(SignInBed(services))
        }
    }

    private init(_ services: LiveServices) throws {
        self.services = services
        signIn = try Self.signIn(services, ahead)
    }

    /// Another replica, which shares nothing but the settings.
    func anotherSignIn() throws -> SignIn { try Self.signIn(services, ahead) }

    func pass(_ duration: Duration) { ahead.value.withLock { $0 += duration } }

    private static func signIn(_ services: LiveServices, _ ahead: Elapsed) throws -> SignIn {
        var settings = IssuerSettings(
            name: "company", issuer: try services.value("SIGN_IN_ISSUER"),
            clientID: try services.value("SIGN_IN_CLIENT_ID"), usernamePrefix: "company:", groupsPrefix: "team:",
            groups: ["finance", "auditors"])
        settings.clientSecretFile = try services.value("SIGN_IN_CLIENT_SECRET_FILE")
        settings.scopes = ["openid", "reports"]
        settings.trustEmail = true
        settings.allowInsecure = true
        let identity = IdentitySettings(issuers: [settings])
        if let fault = identity.check().first { throw Trouble(description: "\(fault)") }
        let now = RuntimeClock.continuous.now
        let clock = RuntimeClock(
            now: { now() + ahead.value.withLock { $0 } }, sleep: { _ in throw CancellationError() })
        guard let url = PublicURL(home) else { throw Trouble(description: "\(home) is no address") }
        return SignIn(
            [TrustedIssuer(settings, clock: clock, logger: logger)], rule: ImpersonationRule(identity),
            attributes: CookieAttributes(url), keys: try CookieKeys([Data(repeating: 7, count: 32)], of: url),
            logger: logger)
    }

    // MARK: The browser

    /// The query that the provider's page sends somebody back with.
    func query(_ person: String, at location: String) async throws -> String {
        let provider = try services.value("SIGN_IN_ISSUER").replacing("/api/oidc", with: "")
        let client = try services.value("SIGN_IN_CLIENT_ID")
        let password = try services.value("SIGN_IN_PASSWORD")
        let login = try await send(
            .post, "\(provider)/api/auth/", #"{"username": "\#(person)", "password": "\#(password)"}"#)
        let cookies = login.headers.values("Set-Cookie").map { String($0.prefix { $0 != ";" }) }.joined(separator: "; ")
        _ = try await send(
            .put, "\(provider)/api/auth/grant/\(client)", #"{"scope": "openid reports"}"#, cookies: cookies)
        let page = try await send(.get, "\(location)&g_continue", cookies: cookies, status: 302)
        guard let back = page.headers["Location"], back.hasPrefix("\(Self.home)/auth/callback?") else {
            throw Trouble(description: "the provider leads elsewhere")
        }
        return String(back.dropFirst("\(Self.home)/auth/callback?".count))
    }

    func begin(_ path: String = "/runs") async throws -> (location: String, cookie: String) {
        let beginning = try await signIn.begin(issuer: nil, returnPath: path).get()
        return (beginning.location, String(beginning.cookie.prefix { $0 != ";" }))
    }

    func session(of person: String) async throws -> Session {
        let (location, cookie) = try await begin()
        return try await signIn.finish(query: try await query(person, at: location), cookies: [cookie]).get().session
    }

    private func send(
        _ method: HTTPMethod, _ url: String, _ body: String? = nil, cookies: String = "", status: Int = 200
    ) async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if !cookies.isEmpty { headers.add(name: "Cookie", value: cookies) }
        let request = HTTPRequest(
            method: method, url: url, headers: headers, body: body.map { Data($0.utf8) },
            timeouts: HTTPTimeouts(total: .seconds(20)))
        let response = try await transport.send(request)
        guard response.status == status else {
            throw Trouble(description: "\(method.rawValue) \(url.prefix { $0 != "?" }): \(response.status)")
        }
        return response
    }
}
