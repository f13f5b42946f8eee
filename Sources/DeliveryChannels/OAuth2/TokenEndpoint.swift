import AsyncSupport
import DeliveryPlanning
package import FoundationEssentials
package import HTTPTransport
import KubernetesModel
import NetworkAddresses

/// Asks a directory of Entra ID for tokens.
package struct TokenEndpoint: Sendable {
    /// How long one question may take.
    static let patience = Duration.seconds(30)
    static let bodyLimit = 64 << 10

    let cloud: MicrosoftCloud
    let tenant: String
    private let transport: HTTPTransport
    private let now: @Sendable () -> Date

    /// `now`: a clock that they agree with.
    package init(
        cloud: MicrosoftCloud = .global, tenant: String, transport: HTTPTransport,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.cloud = cloud
        self.tenant = tenant
        self.transport = transport
        self.now = now
    }

    /// A token for the application itself (RFC 6749, 4.4).
    func clientCredentials(
        clientID: String, credential: ClientCredential, scope: String
    ) async -> Result<TokenAnswer, TokenFault> {
        var fields = [("grant_type", "client_credentials"), ("client_id", clientID), ("scope", scope)]
        switch credential {
        case .secret(let secret): fields.append(("client_secret", secret))
        case .certificate(let certificate):
            let assertion = ClientAssertion.text(
                clientID: clientID, audience: cloud.tokenURL(tenant), certificate: certificate,
                id: UUID().uuidString, now: Int64(now().timeIntervalSince1970))
            fields += [("client_assertion_type", ClientAssertion.type), ("client_assertion", assertion)]
        }
        return await token(fields)
    }

    /// A token for who signed in once (RFC 6749, 6), and the next refresh token.
    func refreshed(_ refreshToken: String, clientID: String, scope: String) async -> Result<TokenAnswer, TokenFault> {
        await token([
            ("grant_type", "refresh_token"), ("client_id", clientID), ("refresh_token", refreshToken), ("scope", scope),
        ])
    }

    private func token(_ fields: [(String, String)]) async -> Result<TokenAnswer, TokenFault> {
        switch await post(fields, to: cloud.tokenURL(tenant)) {
        case .failure(let fault): return .failure(fault)
        case .success(let response):
            guard response.status == 200 else { return .failure(fault(of: response)) }
            guard let answer = try? JSONDecoder().decode(TokenAnswer.self, from: response.body) else {
                return .failure(.unreachable(words: "\(server) answered 200 without a token", after: nil))
            }
            return .success(answer)
        }
    }

    /// Any answer, or why there is none.
    func post(_ fields: [(String, String)], to url: String) async -> Result<HTTPResponse, TokenFault> {
        let body = fields.map { "\($0.0)=\(PercentEncoding.component($0.1))" }.joined(separator: "&")
        let request = HTTPRequest(
            method: .post, url: url,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
            body: Data(body.utf8), timeouts: HTTPTimeouts(total: Self.patience), bodyLimit: Self.bodyLimit)
        let response = await Result { () async throws(HTTPError) in try await transport.send(request) }
        return response.mapError { error in
            let trouble = ServerTrouble(error, server: server)
            return trouble.mayPass ? .unreachable(words: trouble.words, after: nil) : .refused(words: trouble.words)
        }
    }

    func fault(of response: HTTPResponse) -> TokenFault { TokenFault(response, server: server, now: now()) }

    var server: String { ServerURL(cloud.login)?.host ?? "Entra ID" }
}

/// What Entra ID gives.
struct TokenAnswer: Decodable, Sendable {
    var accessToken: String
    /// In seconds.
    var expiresIn: Int64
    var refreshToken: String?

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
    }
}
