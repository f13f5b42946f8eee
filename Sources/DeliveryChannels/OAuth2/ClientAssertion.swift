package import Digests
import FoundationEssentials
import KubernetesModel

/// A signed statement of who asks, in place of a secret (RFC 7523), as Entra ID wants it: PS256, x5t#S256.
package enum ClientAssertion {
    package static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// How long it may be used, in seconds; it is used at once.
    static let lifetime: Int64 = 300
    /// How far our clock may be ahead of theirs, in seconds.
    static let slack: Int64 = 60

    /// `audience`: the token's address. `id`: another for each, `now`: in seconds since 1970.
    package static func text(
        clientID: String, audience: String, certificate: SigningCertificate, id: String, now: Int64
    ) -> String {
        let header: JSONObject = [
            "alg": .string("PS256"), "typ": .string("JWT"),
            "x5t#S256": .string(Base64URL.text(certificate.thumbprint)),
        ]
        let claims: JSONObject = [
            "aud": .string(audience), "iss": .string(clientID), "sub": .string(clientID), "jti": .string(id),
            "iat": .integer(now), "nbf": .integer(now - slack), "exp": .integer(now + lifetime),
        ]
        let signed = [header, claims].map { Base64URL.text(JSONValue.object($0).jsonText) }.joined(separator: ".")
        return signed + "." + Base64URL.text(certificate.signature(of: Array(signed.utf8)))
    }
}

enum Base64URL {
    static func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "+"): text += "-"
            case UInt8(ascii: "/"): text += "_"
            case UInt8(ascii: "="): break
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
    }
}
