internal import COpenSSL

/// The SHA-256 of bytes that come piece by piece.
///
/// For example:
///
///     var digest = SHA256()
///     digest.update(Array("abc".utf8))
///     digest.finish()     // ba7816bf8f01cfea…
package struct SHA256: ~Copyable {
    private let context: OpaquePointer?

    package init() {
        context = EVP_MD_CTX_new()
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "OpenSSL has no SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let isDone: Bool? = bytes.withContiguousStorageIfAvailable {
            EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1
        }
        guard isDone == nil else { return }
        let copy = Array(bytes)
        EVP_DigestUpdate(context, copy, copy.count)
    }

    /// Another that has the same bytes so far.
    package borrowing func copy() -> SHA256 {
        let copy = SHA256()
        precondition(EVP_MD_CTX_copy_ex(copy.context, context) == 1, "OpenSSL can't copy a SHA-256")
        return copy
    }

    /// 64 hexadecimal digits.
    package consuming func finish() -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Of all of them at once.
    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finish()
    }
}
