internal import COpenSSL

/// Bytes that only who has the key can read, or change unnoticed: AES-256-GCM.
///
/// For example:
///
///     let key = SealedText.Key(bytes)
///     SealedText.opened(SealedText.sealed(token, with: key, for: "reports/teams"), with: key, for: "reports/teams")
package enum SealedText {
    /// 32 bytes, never shown.
    package struct Key: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        fileprivate let bytes: [UInt8]

        /// Nil unless there are 32.
        package init?(_ bytes: some Sequence<UInt8>) {
            self.bytes = Array(bytes)
            guard self.bytes.count == 32 else { return nil }
        }

        package var description: String { "(key)" }
        package var debugDescription: String { description }
    }

    /// Before the nonce, so that another way can follow.
    private static let version: UInt8 = 1
    private static let nonceLength = 12
    private static let tagLength = 16

    /// `purpose`: what it is for; it opens for nothing else.
    package static func sealed(_ bytes: [UInt8], with key: Key, for purpose: String) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: nonceLength)
        precondition(RAND_bytes(&nonce, CInt(nonceLength)) == 1, "OpenSSL has no random numbers")
        guard let context = EVP_CIPHER_CTX_new() else { preconditionFailure("OpenSSL has no memory") }
        defer { EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: bytes.count)
        var tag = [UInt8](repeating: 0, count: tagLength)
        var (count, last) = (CInt(0), CInt(0))
        let purpose = Array(purpose.utf8)
        let isDone =
            EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key.bytes, nonce) == 1
            && EVP_EncryptUpdate(context, nil, &count, purpose, CInt(purpose.count)) == 1
            && EVP_EncryptUpdate(context, &sealed, &count, bytes, CInt(bytes.count)) == 1
            && EVP_EncryptFinal_ex(context, nil, &last) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(tagLength), &tag) == 1
        precondition(isDone, "OpenSSL has no AES-256-GCM")
        return [version] + nonce + sealed + tag
    }

    /// Nil where it was sealed with another key, for another purpose, or changed since.
    package static func opened(_ sealed: [UInt8], with key: Key, for purpose: String) -> [UInt8]? {
        guard sealed.count >= 1 + nonceLength + tagLength, sealed[0] == version,
            let context = EVP_CIPHER_CTX_new()
        else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let nonce = Array(sealed[1...nonceLength])
        let body = Array(sealed.dropFirst(1 + nonceLength).dropLast(tagLength))
        var tag = Array(sealed.suffix(tagLength))
        var opened = [UInt8](repeating: 0, count: body.count)
        var (count, last) = (CInt(0), CInt(0))
        let purpose = Array(purpose.utf8)
        let isDone =
            EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key.bytes, nonce) == 1
            && EVP_DecryptUpdate(context, nil, &count, purpose, CInt(purpose.count)) == 1
            && EVP_DecryptUpdate(context, &opened, &count, body, CInt(body.count)) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tagLength), &tag) == 1
            && EVP_DecryptFinal_ex(context, nil, &last) == 1
        guard isDone else {
            ERR_clear_error()
            return nil
        }
        return opened
    }
}
