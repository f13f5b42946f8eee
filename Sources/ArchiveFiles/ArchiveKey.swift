import Digests

/// What signs an archive: only its holder can certify that an archive is as it was exported.
package struct ArchiveKey: Sendable {
    private let bytes: [UInt8]

    /// Nil of fewer than 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 32 else { return nil }
        self.bytes = bytes
    }

    /// Of all lines before it, by way of their SHA-256.
    func signature(of sha256: String) -> String {
        HMACSHA256.of(Array(sha256.utf8), key: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Compares all digits, whatever the first are.
    func isSignature(_ code: String, of sha256: String) -> Bool {
        let ours = Array(signature(of: sha256).utf8)
        let theirs = Array(code.utf8)
        return ours.count == theirs.count && zip(ours, theirs).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Whose archives are trusted.
package enum ArchiveTrust: Sendable {
    /// Those of the holder of this key.
    case key(ArchiveKey)
    /// Those of anyone who could write them.
    case unsigned
}
