import FoundationEssentials
import JSONReading
import JWTKit
import KubernetesModel

/// The keys that an issuer signs by, each bound to its algorithms before any token is seen: a token's own word for its
/// algorithm chooses among them and changes nothing.
struct KeyList: Sendable {
    struct Name: Hashable {
        let id: [UInt8]
        let algorithm: String
    }

    /// In a list; all others are left out.
    static let maximumKeys = 100

    /// Of one name and algorithm there is one as a rule; where there are several, each may have signed.
    private var keys: [Name: [any JWTAlgorithm]] = [:]

    /// Why a document isn't a list of keys.
    struct Fault: Error {}

    /// Reads a JSON Web Key Set (RFC 7517) key by key: what can't be used, or isn't for signatures, is left out.
    init(_ data: Data, algorithms: [String]) async throws(Fault) {
        struct Document: Decodable {
            var keys: [JSONValue]
        }
        // Keys may have members of any names, which the plain reader doesn't take.
        guard let document = try? JSONReader.forPeople.decode(Document.self, from: data) else {
            throw Fault()
        }
        for case .object(let key) in document.keys.prefix(Self.maximumKeys) {
            for algorithm in Self.algorithms(of: key) where algorithms.contains(algorithm) {
                guard let (id, jwk) = Self.jwk(key, algorithm) else { continue }
                let collection = JWTKeyCollection()
                guard (try? await collection.add(jwk: jwk)) != nil,
                    let signer = try? await collection.getKey(for: jwk.keyIdentifier, alg: algorithm),
                    signer.name == algorithm
                else { continue }
                keys[Name(id: Array(id.utf8), algorithm: algorithm), default: []].append(signer)
            }
        }
    }

    init() {}

    var count: Int { Set(keys.keys.map(\.id)).count }

    /// Without an id, the only key of that algorithm.
    func keys(id: String?, algorithm: String) -> [any JWTAlgorithm] {
        if let id { return keys[Name(id: Array(id.utf8), algorithm: algorithm)] ?? [] }
        let fitting = keys.filter { $0.key.algorithm == algorithm }
        return fitting.count == 1 ? fitting.first?.value ?? [] : []
    }

    /// Whether there is a key of that name, for whatever algorithm: one that is known isn't asked for again.
    func knows(_ id: String?) -> Bool {
        guard let id else { return !keys.isEmpty }
        return keys.keys.contains { $0.id.elementsEqual(id.utf8) }
    }

    /// By what a key is: an elliptic curve has one algorithm, RSA has six; its own `alg` leaves one of them.
    private static func algorithms(of key: JSONObject) -> [String] {
        if let use = key["use"], use != .string("sig") { return [] }
        if let operations = key["key_ops"] {
            guard case .array(let names) = operations, names.contains(.string("verify")) else { return [] }
        }
        let possible: [String] =
            switch (key["kty"], key["crv"]) {
            case (.string("RSA"), _): ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
            case (.string("EC"), .string("P-256")): ["ES256"]
            case (.string("EC"), .string("P-384")): ["ES384"]
            case (.string("EC"), .string("P-521")): ["ES512"]
            default: []
            }
        switch key["alg"] ?? .null {
        case .null: return possible
        case .string(let own): return possible.filter { $0 == own }
        default: return []
        }
    }

    private static func jwk(_ key: JSONObject, _ algorithm: String) -> (id: String, jwk: JWK)? {
        func text(_ name: String) -> String? {
            guard case .string(let value) = key[name] ?? .null else { return nil }
            return value
        }
        guard let id = text("kid"), !id.isEmpty else { return nil }
        let name = JWK.Algorithm(rawValue: algorithm)
        switch text("kty") {
        case "RSA":
            // At least 2048 bits (RFC 7518, 3.3), and no more than keeps a proof cheap.
            guard let modulus = text("n"), let exponent = text("e"), let bytes = Base64URL.data(modulus),
                (256...1024).contains(bytes.drop { $0 == 0 }.count), Base64URL.data(exponent)?.count ?? 9 <= 4
            else { return nil }
            return (id, .rsa(name, identifier: JWKIdentifier(string: id), modulus: modulus, exponent: exponent))
        case "EC":
            guard let x = text("x"), let y = text("y"), let curve = text("crv").flatMap(ECDSACurve.init) else {
                return nil
            }
            return (id, .ecdsa(name, identifier: JWKIdentifier(string: id), x: x, y: y, curve: curve))
        default: return nil
        }
    }
}
