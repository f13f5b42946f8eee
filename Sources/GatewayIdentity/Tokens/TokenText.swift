import FoundationEssentials
import JSONReading
import KubernetesModel

/// A signed token in its three parts (RFC 7519), of which nothing is proved yet.
struct TokenText: Sendable {
    /// A header of 16 KiB is all that the server reads; no issuer's tokens are near this.
    static let maximumLength = 8192

    /// Empty where it names none.
    let algorithm: String
    let keyID: String?
    /// Whether the header has `crit`, which forbids to pass over what isn't known (RFC 7515, 4.1.11).
    let hasExtensions: Bool
    let claims: TokenClaims
    /// What the signature is of.
    let signed: Data
    let signature: Data

    /// `token`: the text that came; what is wrong with it is said without any of it.
    init(_ token: String) throws(TokenRefusal) {
        guard token.utf8.count <= Self.maximumLength else {
            throw TokenRefusal(.tooLong, "the token is longer than \(Self.maximumLength) bytes")
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let body = Self.object(parts[1]),
            let signature = Base64URL.data(parts[2])
        else { throw TokenRefusal(.malformed, "the token is not a signed JSON Web Token") }
        hasExtensions = header["crit"] != nil
        algorithm = if case .string(let name) = header["alg"] ?? .null { name } else { "" }
        keyID =
            switch header["kid"] ?? .null {
            case .null: nil
            case .string(let id): id
            // No key's.
            default: ""
            }
        claims = TokenClaims(body)
        signed = Data("\(parts[0]).\(parts[1])".utf8)
        self.signature = signature
    }

    private static func object(_ part: Substring) -> JSONObject? {
        guard let data = Base64URL.data(part), String(validating: data, as: UTF8.self) != nil,
            // Claims may have names of any characters, which the plain reader doesn't take.
            let value = try? JSONReader.forPeople.decode(JSONObject.self, from: data)
        else { return nil }
        return value
    }
}
