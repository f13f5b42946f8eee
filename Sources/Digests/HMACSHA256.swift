internal import COpenSSL

/// Proves by a key that both sides have that a message is whole and from whom it says (RFC 2104 with SHA-256).
package enum HMACSHA256 {
    /// 32 bytes. `key`: of any length; one of 32 bytes or more is as strong as it gets.
    package static func of(_ bytes: some Sequence<UInt8>, key: some Sequence<UInt8>) -> [UInt8] {
        let (bytes, key) = (Array(bytes), Array(key))
        var code = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        let result = HMAC(EVP_sha256(), key, CInt(key.count), bytes, bytes.count, &code, nil)
        precondition(result != nil, "OpenSSL has no HMAC with SHA-256")
        return code
    }
}
