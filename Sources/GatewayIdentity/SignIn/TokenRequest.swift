import AsyncSupport
import FoundationEssentials
import HTTPTransport
import JSONReading
import NetworkAddresses

/// A question to a provider's token endpoint (RFC 6749, 4.1.3 and 6).
struct TokenRequest: Sendable {
    struct Answer: Decodable, Sendable {
        var idToken: String?
        var refreshToken: String?
        var life: TokenLife?

        private enum CodingKeys: String, CodingKey {
            case idToken = "id_token"
            case refreshToken = "refresh_token"
            case life = "expires_in"
        }
    }

    /// Why no tokens came.
    enum Fault: Error, Sendable {
        /// It can't be asked, or not now.
        case away(String)
        /// The code or the refresh token doesn't count; `invalid_grant`, or a bare status.
        case refused
        /// The client doesn't count.
        case misconfigured(String)
    }

    private struct Refusal: Decodable {
        var error: String?
    }

    private static let bodyLimit = 128 << 10

    let issuer: TrustedIssuer
    let address: String

    func send(_ fields: [(String, String)]) async -> Result<Answer, Fault> {
        let settings = issuer.settings
        let clientID = settings.clientID ?? ""
        var headers: HTTPHeaders = [
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
        ]
        var fields = fields
        if let file = settings.clientSecretFile {
            guard let secret = Self.secret(file) else {
                return .failure(.misconfigured("the file of the client's secret can't be read, or is empty"))
            }
            let pair = "\(PercentEncoding.component(clientID)):\(PercentEncoding.component(secret))"
            headers.add(name: "Authorization", value: "Basic \(Data(pair.utf8).base64EncodedString())")
        } else {
            fields.append(("client_id", clientID))
        }
        let request = HTTPRequest(
            method: .post, url: address, headers: headers, body: Data(FormText.encoded(fields).utf8),
            timeouts: HTTPTimeouts(connect: .seconds(5), total: .seconds(15)), bodyLimit: Self.bodyLimit)
        let response = await Result { () async throws(HTTPError) in try await issuer.transport.send(request) }
        switch response {
        case .failure(let error): return .failure(.away("\(settings.name) can't be reached: \(error)"))
        case .success(let response): return read(response)
        }
    }

    private func read(_ response: HTTPResponse) -> Result<Answer, Fault> {
        let name = issuer.settings.name
        switch response.status {
        case 200:
            guard let answer = try? JSONReader(maximumBytes: Self.bodyLimit).decode(Answer.self, from: response.body)
            else { return .failure(.misconfigured("\(name) answered 200 without tokens")) }
            return .success(answer)
        case 429, 500...599: return .failure(.away("\(name) answered \(response.status)"))
        default:
            let error = (try? JSONReader(maximumBytes: Self.bodyLimit).decode(Refusal.self, from: response.body))?.error
            switch error {
            case "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type":
                return .failure(.misconfigured("\(name) does not accept this client (\(error ?? ""))"))
            default: return .failure(.refused)
            }
        }
    }

    private static func secret(_ file: String) -> String? {
        guard let data = FileManager.default.contents(atPath: file),
            var text = String(validating: data, as: UTF8.self)
        else { return nil }
        while text.last?.isNewline == true { text.removeLast() }
        return text.isEmpty ? nil : text
    }
}

/// A number, which some providers write as text.
struct TokenLife: Decodable, Sendable {
    let seconds: TimeInterval

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number = try? container.decode(Double.self)
        let value = try number ?? Double(container.decode(String.self)) ?? 0
        seconds = value.isFinite ? min(max(0, value), 86_400) : 0
    }
}
