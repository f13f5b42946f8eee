package import KubernetesModel

/// The name of what is created with an `Idempotency-Key`: the same person with the same key gets the same object, however
/// often it is sent, and by whichever replica.
package enum IdempotentName {
    /// On an object: the fingerprint of the body that it was created with, by which another body with the same key is told.
    package static let bodyLabel = "reports.ers.dev/body-fingerprint"

    /// Letters that spell no word, as in Kubernetes' own names.
    private static let letters = Array("bcdfghjklmnpqrstvwxz2456789".utf8)

    /// `kind`: what is created, such as `request`, so that the same key makes one of each. `hash`: a cryptographic hash of at
    /// least 16 bytes, such as SHA-256, so that nobody can find another one's name.
    package static func name(
        kind: String, user: String, namespace: String, key: String, hash: ([UInt8]) -> [UInt8]
    ) -> String {
        "\(kind)-\(text(of: hash(joined([kind, user, namespace, key]))))"
    }

    /// The value of `bodyLabel`: of the body, whatever the order of its members and its white space.
    package static func bodyFingerprint(_ body: JSONValue, hash: ([UInt8]) -> [UInt8]) -> String {
        text(of: hash(body.jsonText))
    }

    /// No two lists of parts run together.
    private static func joined(_ parts: [String]) -> [UInt8] {
        // Stands in no UTF-8.
        Array(parts.map { Array($0.utf8) }.joined(separator: [0xFF]))
    }

    /// 24 letters: more than 110 bits.
    private static func text(of hash: [UInt8]) -> String {
        var number = hash.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        var text: [UInt8] = []
        for _ in 0..<24 {
            text.append(letters[Int(number % UInt128(letters.count))])
            number /= UInt128(letters.count)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Problem {
    /// The key was used for another body.
    package static let keyUsedTwice = Problem.invalid([
        FieldError(
            "Idempotency-Key",
            "was used for something else already; send a new key, or the same body as before")
    ])
}
