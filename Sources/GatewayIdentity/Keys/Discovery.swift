import FoundationEssentials
import JSONReading

/// What an issuer says of itself (OpenID Connect Discovery 1.0).
package struct Discovery: Hashable, Sendable {
    let authorizationEndpoint: String?
    let tokenEndpoint: String?
    let endSessionEndpoint: String?
    let keysAddress: String

    /// Why the document can't be used, in a sentence without a full stop.
    struct Fault: Error, Hashable {
        let words: String
    }

    private struct Document: Decodable {
        var issuer: String
        var authorizationEndpoint: String?
        var tokenEndpoint: String?
        var endSessionEndpoint: String?
        var keysAddress: String

        private enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case endSessionEndpoint = "end_session_endpoint"
            case keysAddress = "jwks_uri"
        }
    }

    static func address(_ issuer: String) -> String {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        return base + "/.well-known/openid-configuration"
    }

    init(_ data: Data, settings: IssuerSettings) throws(Fault) {
        guard let document = try? JSONReader(maximumBytes: 1 << 20).decode(Document.self, from: data) else {
            throw Fault(words: "its discovery document can't be read: issuer and jwks_uri are required")
        }
        // Else one issuer could hand out another's keys.
        guard TokenCheck.isSame(document.issuer, settings.issuer) else {
            throw Fault(words: "its discovery document names another issuer; set issuer exactly as it is written there")
        }
        func checked(_ address: String?, _ name: String) throws(Fault) -> String? {
            guard let address else { return nil }
            // Addresses may have a query (RFC 6749, 3.1).
            let base = String(address.prefix { $0 != "?" })
            guard ProviderAddress.isAllowed(base, allowInsecure: settings.allowInsecure),
                address.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
            else { throw Fault(words: "the \(name) of its discovery document is not an https:// URL") }
            return address
        }
        authorizationEndpoint = try checked(document.authorizationEndpoint, "authorization_endpoint")
        tokenEndpoint = try checked(document.tokenEndpoint, "token_endpoint")
        endSessionEndpoint = try checked(document.endSessionEndpoint, "end_session_endpoint")
        keysAddress = try checked(document.keysAddress, "jwks_uri") ?? document.keysAddress
    }
}
