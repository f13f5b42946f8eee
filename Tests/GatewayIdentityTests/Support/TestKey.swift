import Crypto
import CryptoExtras
import Foundation

/// A key pair as a provider has it: it signs tokens, and shows its public half in a JWKS.
struct TestKey: Sendable {
    private enum Pair: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    let kid: String
    private let pair: Pair

    /// Always the same pair, and with `another` always another: each takes half a second to make.
    static func rsa(_ kid: String, another: Bool = false) throws -> TestKey {
        TestKey(kid: kid, pair: .rsa(try (another ? secondPair : firstPair).get()))
    }

    private static let firstPair = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private static let secondPair = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    static func p256(_ kid: String) -> TestKey { TestKey(kid: kid, pair: .p256(.init())) }
    static func p384(_ kid: String) -> TestKey { TestKey(kid: kid, pair: .p384(.init())) }
    static func p521(_ kid: String) -> TestKey { TestKey(kid: kid, pair: .p521(.init())) }
    static func ed25519(_ kid: String) -> TestKey { TestKey(kid: kid, pair: .ed25519(.init())) }

    /// The same pair under another name.
    func called(_ kid: String) -> TestKey { TestKey(kid: kid, pair: pair) }

    /// Its entry in a JWKS; `changes` go over it, and a nil removes a member.
    func jwk(_ changes: [String: Any?] = [:]) throws -> [String: Any] {
        var members: [String: Any?] = ["kid": kid, "use": "sig"]
        switch pair {
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            members.merge(["kty": "RSA", "n": Self.url(numbers.modulus), "e": Self.url(numbers.publicExponent)]) { $1 }
        case .p256(let key): members.merge(Self.curve("P-256", key.publicKey.rawRepresentation)) { $1 }
        case .p384(let key): members.merge(Self.curve("P-384", key.publicKey.rawRepresentation)) { $1 }
        case .p521(let key): members.merge(Self.curve("P-521", key.publicKey.rawRepresentation)) { $1 }
        case .ed25519(let key):
            let x = Self.url(key.publicKey.rawRepresentation)
            members.merge(["kty": "OKP", "crv": "Ed25519", "x": x]) { $1 }
        }
        return members.merging(changes) { $1 }.compactMapValues { $0 }
    }

    private static func curve(_ name: String, _ point: Data) -> [String: Any?] {
        let half = point.count / 2
        return ["kty": "EC", "crv": name, "x": url(point.prefix(half)), "y": url(point.suffix(half))]
    }

    /// Of an RSA key.
    var pem: String { if case .rsa(let key) = pair { key.publicKey.pemRepresentation } else { "" } }

    /// A token with these claims; `header` goes over the one that belongs to it, and a nil removes a member.
    func token(_ claims: [String: Any], _ algorithm: String = "RS256", header: [String: Any?] = [:]) throws -> String {
        let fields: [String: Any?] = ["alg": algorithm, "kid": kid, "typ": "JWT"]
        let signed = try Self.signedPart(fields.merging(header) { $1 }.compactMapValues { $0 }, claims)
        return signed + "." + Self.url(try signature(of: Data(signed.utf8), algorithm))
    }

    static func signedPart(_ header: [String: Any], _ claims: [String: Any]) throws -> String {
        try [header, claims].map { url(try JSONSerialization.data(withJSONObject: $0)) }.joined(separator: ".")
    }

    private func signature(of text: Data, _ algorithm: String) throws -> Data {
        switch pair {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
            if algorithm.hasSuffix("512") {
                return try key.signature(for: SHA512.hash(data: text), padding: padding).rawRepresentation
            }
            if algorithm.hasSuffix("384") {
                return try key.signature(for: SHA384.hash(data: text), padding: padding).rawRepresentation
            }
            return try key.signature(for: SHA256.hash(data: text), padding: padding).rawRepresentation
        case .p256(let key): return try key.signature(for: SHA256.hash(data: text)).rawRepresentation
        case .p384(let key): return try key.signature(for: SHA384.hash(data: text)).rawRepresentation
        case .p521(let key): return try key.signature(for: SHA512.hash(data: text)).rawRepresentation
        case .ed25519(let key): return try key.signature(for: text)
        }
    }

    static func url(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
