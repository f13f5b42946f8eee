package import AsyncSupport
import FoundationEssentials
import HTTPTransport

/// Signs an account in by a code that a person types into a page of Microsoft's (RFC 8628): no password comes by here.
///
/// For example:
///
///     let prompt = try await signIn.begin()
///     print(prompt.message)       // To sign in, use a web browser to open … and enter the code …
///     try await sealed.save(try await signIn.refreshToken(for: prompt))
package struct DeviceCodeSignIn: Sendable {
    package struct Prompt: Sendable {
        package let userCode: String
        package let page: String
        /// What to do, in Microsoft's words.
        package let message: String
        package let validFor: Duration
        let deviceCode: String
        let interval: Duration
    }

    private struct Answer: Decodable {
        var userCode: String
        var deviceCode: String
        var page: String
        var expiresIn: Int64
        var interval: Int64?
        var message: String?

        private enum CodingKeys: String, CodingKey {
            case userCode = "user_code"
            case deviceCode = "device_code"
            case page = "verification_uri"
            case expiresIn = "expires_in"
            case interval, message
        }
    }

    private struct TokenError: Decodable {
        var error: String?
    }

    private let endpoint: TokenEndpoint
    private let clientID: String
    private let scope: String
    private let clock: RuntimeClock

    /// `scope`: what the account is to allow, as `TeamsSignIn` names it.
    package init(_ endpoint: TokenEndpoint, clientID: String, scope: String, clock: RuntimeClock = .continuous) {
        self.endpoint = endpoint
        self.clientID = clientID
        self.scope = scope
        self.clock = clock
    }

    /// Gets a code, which is good for some minutes.
    package func begin() async throws(TokenFault) -> Prompt {
        let fields = [("client_id", clientID), ("scope", scope)]
        let response = try await endpoint.post(fields, to: endpoint.cloud.deviceCodeURL(endpoint.tenant)).get()
        guard response.status == 200 else { throw endpoint.fault(of: response) }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: response.body) else {
            throw .unreachable(words: "\(endpoint.server) answered 200 without a code", after: nil)
        }
        let text = "To sign in, open \(answer.page) and enter the code \(answer.userCode)"
        return Prompt(
            userCode: answer.userCode, page: answer.page, message: answer.message ?? text,
            validFor: .seconds(answer.expiresIn), deviceCode: answer.deviceCode,
            interval: .seconds(max(1, answer.interval ?? 5)))
    }

    /// Waits until the person has signed in: what tokens are refreshed with from now on.
    package func refreshToken(for prompt: Prompt) async throws(TokenFault) -> String {
        let end = clock.now() + prompt.validFor
        var interval = prompt.interval
        while true {
            let slept = await Result { () async throws in try await clock.sleep(interval) }
            guard case .success = slept else {
                throw .unreachable(words: "Stopped before anybody signed in", after: nil)
            }
            guard clock.now() < end else { throw Self.tooLate }
            let response = try await endpoint.post(
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", clientID),
                    ("device_code", prompt.deviceCode),
                ], to: endpoint.cloud.tokenURL(endpoint.tenant)
            ).get()
            if response.status == 200 {
                let token = (try? JSONDecoder().decode(TokenAnswer.self, from: response.body))?.refreshToken
                if let token { return token }
                throw .refused(
                    words:
                        "\(endpoint.server) gave no refresh token; the application needs the permission offline_access")
            }
            switch (try? JSONDecoder().decode(TokenError.self, from: response.body))?.error {
            case "authorization_pending": continue
            // RFC 8628, 3.5.
            case "slow_down": interval += .seconds(5)
            case "expired_token", "code_expired": throw Self.tooLate
            case "authorization_declined", "access_denied": throw .refused(words: "The sign-in was declined")
            default: throw endpoint.fault(of: response)
            }
        }
    }

    private static let tooLate = TokenFault.refused(
        words: "Nobody signed in while the code was good; run report-courier sign-in again")
}
