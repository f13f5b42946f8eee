import Digests
package import ReportArchive

/// Those who were erased: tells of an address whether it is one of theirs.
package struct Tombstones: Sendable {
    private let keys: [(text: String, bytes: [UInt8])]
    private let tombstones: Set<Tombstone>

    package init(_ tombstones: [Tombstone]) {
        self.tombstones = Set(tombstones)
        keys = Set(tombstones.map(\.key)).sorted().map { ($0, Self.bytes($0)) }
    }

    /// What replaces it; nil of an address that stays.
    package func placeholder(of address: String) -> String? { tombstone(of: address)?.placeholder }

    /// Nil of somebody who wasn't erased.
    func tombstone(of address: String) -> Tombstone? {
        for (text, bytes) in keys {
            let tombstone = Self.tombstone(of: address, text, bytes)
            if tombstones.contains(tombstone) { return tombstone }
        }
        return nil
    }

    /// One for somebody who is to be erased, by the key of those before.
    func new(for address: String) -> Tombstone {
        let key = keys.first?.text ?? Self.randomKey()
        return Self.tombstone(of: address, key, Self.bytes(key))
    }

    /// Nil where nobody was erased, so that nothing has to be looked at.
    var erasure: PersonErasure? { tombstones.isEmpty ? nil : PersonErasure { placeholder(of: $0) } }

    private static func tombstone(of address: String, _ key: String, _ bytes: [UInt8]) -> Tombstone {
        let code = HMACSHA256.of(Array(address.lowercased().utf8), key: bytes)
        return Tombstone(key: key, code: hexadecimal(code))
    }

    private static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
        }
    }
}
