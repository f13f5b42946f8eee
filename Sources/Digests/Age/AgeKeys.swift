internal import COpenSSL

/// The recipient of an encrypted file: a public key of age, `age1…`, as `age-keygen` prints it.
package struct AgeRecipient: Hashable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    static let prefix = "age"

    /// Nil where it is not one.
    package init?(_ text: String) {
        guard let bytes = Bech32.bytes(text, prefix: Self.prefix), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var description: String { Bech32.text(bytes, prefix: Self.prefix) }
}

/// What opens a file again: a secret key of age, `AGE-SECRET-KEY-1…`. Never shown.
package struct AgeIdentity: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let secret: [UInt8]
    package let recipient: AgeRecipient

    /// Nil where it is not one.
    package init?(_ text: String) {
        // Written in capitals alone.
        guard text == text.uppercased(),
            let secret = Bech32.bytes(text.lowercased(), prefix: "age-secret-key-"), secret.count == 32,
            let own = X25519.publicKey(of: secret)
        else { return nil }
        self.secret = secret
        recipient = AgeRecipient(own)
    }

    /// Those of a file of age-keygen's, one a line; nil where there is none, or a line is something else.
    package static func all(in file: String) -> [AgeIdentity]? {
        var all: [AgeIdentity] = []
        for line in file.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let identity = AgeIdentity(String(line)) else { return nil }
            all.append(identity)
        }
        return all.isEmpty ? nil : all
    }

    package var description: String { "(key)" }
    package var debugDescription: String { description }
}

/// Agreement on a secret over Curve25519 (RFC 7748).
enum X25519 {
    static func publicKey(of secret: [UInt8]) -> [UInt8]? {
        withKey(secret) { key in
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = bytes.count
            return EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 && count == 32 ? bytes : nil
        }
    }

    /// Nil where the other side's key is one with which everybody agrees on the same.
    static func shared(_ secret: [UInt8], with other: [UInt8]) -> [UInt8]? {
        guard let peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, other, other.count) else { return nil }
        defer { EVP_PKEY_free(peer) }
        return withKey(secret) { key in
            guard let context = EVP_PKEY_CTX_new(key, nil) else { return nil }
            defer { EVP_PKEY_CTX_free(context) }
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = bytes.count
            guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer) == 1,
                EVP_PKEY_derive(context, &bytes, &count) == 1, count == 32, bytes.contains(where: { $0 != 0 })
            else {
                ERR_clear_error()
                return nil
            }
            return bytes
        }
    }

    private static func withKey(_ secret: [UInt8], _ body: (OpaquePointer) -> [UInt8]?) -> [UInt8]? {
        guard secret.count == 32,
            let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, secret, secret.count)
        else { return nil }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }
}

/// Bytes in letters that are read over and typed without mistakes (BIP 173, without its limit of length).
enum Bech32 {
    private static let letters = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    static func text(_ bytes: [UInt8], prefix: String) -> String {
        let values = regrouped(bytes, from: 8, to: 5, isPadded: true) ?? []
        let sum = polynomial(expanded(prefix) + values + [0, 0, 0, 0, 0, 0]) ^ 1
        let check = (0..<6).map { UInt8(sum >> (5 * (5 - UInt32($0))) & 31) }
        return prefix + "1" + String(decoding: (values + check).map { letters[Int($0)] }, as: UTF8.self)
    }

    /// Nil of a text that isn't in small letters, of another prefix, or with a mistake.
    static func bytes(_ text: String, prefix: String) -> [UInt8]? {
        guard text.hasPrefix(prefix + "1") else { return nil }
        var values: [UInt8] = []
        for letter in text.utf8.dropFirst(prefix.utf8.count + 1) {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            values.append(UInt8(value))
        }
        guard values.count >= 6, polynomial(expanded(prefix) + values) == 1 else { return nil }
        return regrouped(Array(values.dropLast(6)), from: 5, to: 8, isPadded: false)
    }

    private static func expanded(_ prefix: String) -> [UInt8] {
        prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 }
    }

    private static func polynomial(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        return values.reduce(1) { sum, value in
            let top = sum >> 25
            let next = (sum & 0x1FF_FFFF) << 5 ^ UInt32(value)
            return generator.enumerated().reduce(next) { $0 ^ (top >> UInt32($1.offset) & 1 == 1 ? $1.element : 0) }
        }
    }

    private static func regrouped(_ values: [UInt8], from: UInt32, to: UInt32, isPadded: Bool) -> [UInt8]? {
        var (rest, bits) = (0 as UInt32, 0 as UInt32)
        var result: [UInt8] = []
        let mask = (1 as UInt32) << to - 1
        for value in values {
            rest = (rest << from | UInt32(value)) & 0xFFFF
            bits += from
            while bits >= to {
                bits -= to
                result.append(UInt8(rest >> bits & mask))
            }
        }
        if isPadded {
            if bits > 0 { result.append(UInt8(rest << (to - bits) & mask)) }
        } else if bits >= from || rest << (to - bits) & mask != 0 {
            return nil
        }
        return result
    }
}
