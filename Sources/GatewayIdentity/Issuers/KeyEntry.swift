internal import JWTKit

/// A public key as a JWKS has it. Private parts aren't read.
struct KeyEntry: Decodable, Sendable {
    var kty: String
    var kid: String?
    var use: String?
    var alg: String?
    var crv: String?
    var n: String?
    var e: String?
    var x: String?
    var y: String?

    private enum CodingKeys: String, CodingKey {
        case kty, kid, use, alg, crv, n, e, x, y
        case operations = "key_ops"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try fields.decodeIfPresent(String.self, forKey: key) }
        kty = try fields.decode(String.self, forKey: .kty)
        kid = try text(.kid)
        let operations = try fields.decodeIfPresent([String].self, forKey: .operations)
        use = try text(.use) ?? operations.map { $0.contains("verify") ? "sig" : "enc" }
        alg = try text(.alg)
        crv = try text(.crv)
        n = try text(.n)
        e = try text(.e)
        x = try text(.x)
        y = try text(.y)
    }

    /// Whether it may check signatures of that algorithm: by its kind, and by `alg` and `use` where it says so.
    func isFor(_ algorithm: String) -> Bool {
        guard use == nil || use == "sig", alg == nil || alg == algorithm else { return false }
        return switch kty {
        case "RSA": algorithm.hasPrefix("RS") || algorithm.hasPrefix("PS")
        case "EC": Self.curves[algorithm].map { $0 == crv } ?? false
        case "OKP": algorithm == "EdDSA" && crv == "Ed25519"
        case _: false
        }
    }

    private static let curves = ["ES256": "P-256", "ES384": "P-384", "ES512": "P-521"]

    /// What checks signatures of that algorithm alone; nil where the key is broken, or too short.
    func verifier(_ algorithm: String) async -> (any JWTAlgorithm)? {
        // Without one, jwt-kit would bind the key to the algorithm of the first token that names it, forged or not.
        guard let bound = JWK.Algorithm(rawValue: algorithm), let kid else { return nil }
        let identifier = JWKIdentifier(string: kid)
        let key: JWK
        switch kty {
        case "RSA": key = .rsa(bound, identifier: identifier, modulus: n, exponent: e)
        case "EC":
            key = .ecdsa(bound, identifier: identifier, x: x, y: y, curve: crv.flatMap(ECDSACurve.init(rawValue:)))
        case "OKP":
            key = .octetKeyPair(
                bound, identifier: identifier, x: x, y: nil, curve: crv.flatMap(EdDSACurve.init(rawValue:)))
        case _: return nil
        }
        // A collection of its own: another's would stand in for a key that it doesn't have.
        guard let collection = try? await JWTKeyCollection().add(jwk: key) else { return nil }
        return try? await collection.getKey(for: identifier, alg: algorithm)
    }
}
