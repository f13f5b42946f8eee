internal import COpenSSL
package import FoundationEssentials

/// A certificate with its RSA key, which signs in its owner's name.
package struct SigningCertificate: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What is wrong with what was given, in a sentence.
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case noCertificate
        case noKey
        case notRSA
        case keyOfAnother

        package var description: String {
            switch self {
            case .noCertificate: "the certificate is not one in PEM (-----BEGIN CERTIFICATE-----)"
            case .noKey: "the private key is not one in PEM without a password (-----BEGIN PRIVATE KEY-----)"
            case .notRSA: "the private key is not an RSA key of 2048 bits or more"
            case .keyOfAnother: "the private key does not belong to the certificate"
            }
        }
    }

    /// SHA-256 of the certificate in DER, which tells others which one it is: 32 bytes.
    package let thumbprint: [UInt8]
    // Parsed again for each signature, of which there is one an hour: OpenSSL's objects aren't Sendable.
    private let privateKey: Data

    /// Both in PEM; of a chain the first certificate counts.
    package init(certificate: Data, privateKey: Data) throws(Fault) {
        guard let parsed = Self.read(certificate, { PEM_read_bio_X509($0, nil, nil, nil) }) else {
            throw .noCertificate
        }
        defer { X509_free(parsed) }
        guard let key = Self.key(privateKey) else { throw .noKey }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_is_a(key, "RSA") == 1, EVP_PKEY_get_bits(key) >= 2048 else { throw .notRSA }
        guard X509_check_private_key(parsed, key) == 1 else {
            ERR_clear_error()
            throw .keyOfAnother
        }
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        var length = UInt32(digest.count)
        guard X509_digest(parsed, EVP_sha256(), &digest, &length) == 1 else { throw .noCertificate }
        thumbprint = digest
        self.privateKey = privateKey
    }

    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes: `PS256` of JSON Web Signatures.
    package func signature(of bytes: [UInt8]) -> [UInt8] {
        guard let key = Self.key(privateKey), let context = EVP_MD_CTX_new() else { return [] }
        defer {
            EVP_PKEY_free(key)
            EVP_MD_CTX_free(context)
        }
        var options: OpaquePointer?
        guard EVP_DigestSignInit(context, &options, EVP_sha256(), nil, key) == 1,
            EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, SHA256_DIGEST_LENGTH) == 1
        else { return [] }
        var length = Int(EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1 else { return [] }
        return Array(signature.prefix(length))
    }

    package var description: String { "(certificate and key)" }
    package var debugDescription: String { description }

    private static func key(_ pem: Data) -> OpaquePointer? {
        // Without a callback OpenSSL would ask for a password on the terminal.
        read(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
    }

    private static func read(_ pem: Data, _ body: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
        let bytes = Array(pem)
        let result: OpaquePointer? = bytes.withUnsafeBytes { bytes in
            guard let memory = BIO_new_mem_buf(bytes.baseAddress, CInt(bytes.count)) else { return nil }
            defer { BIO_free(memory) }
            return body(memory)
        }
        if result == nil { ERR_clear_error() }
        return result
    }
}
