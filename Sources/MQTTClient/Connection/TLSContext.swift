internal import COpenSSL
import FoundationEssentials

/// What secures a connection to one broker, made of bytes: no key is ever a file.
///
/// libmosquitto connects to an address and would hold the certificate against that; here OpenSSL holds it against the
/// broker's name, and tells the broker that name. Used by one thread.
final class TLSContext {
    /// An `SSL_CTX`.
    let raw: OpaquePointer
    /// Nil where the broker has no name but an address.
    private let name: String?
    private(set) var isHandshakeDone = false
    /// What is wrong with the broker's certificate.
    private(set) var certificateFault: String?

    init(_ tls: MQTTBroker.TLS, host: String) throws(MQTTError) {
        guard let raw = SSL_CTX_new(TLS_client_method()) else {
            throw MQTTError(.configuration, "OpenSSL has no client method")
        }
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(raw), host) == 1
        self.raw = raw
        name = isAddress ? nil : host
        // From here on deinit frees it.
        if !isAddress, X509_VERIFY_PARAM_set1_host(SSL_CTX_get0_param(raw), host, host.utf8.count) != 1 {
            throw MQTTError(.configuration, "\(host) is not a server name")
        }
        X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(raw), UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        copenssl_require_tls12(raw)
        try trust(tls.authorities)
        if let certificate = tls.certificate, let key = tls.key { try show(certificate, key) }
        setCallbacks()
    }

    deinit { SSL_CTX_free(raw) }

    /// Before each connection.
    func start() { (isHandshakeDone, certificateFault) = (false, nil) }

    private func trust(_ authorities: Data?) throws(MQTTError) {
        guard let authorities else {
            guard SSL_CTX_set_default_verify_paths(raw) == 1 else {
                throw MQTTError(.configuration, "the system's authorities can't be read: \(Self.lastError)")
            }
            return
        }
        let certificates = Self.certificates(in: authorities)
        defer { certificates.forEach { X509_free($0) } }
        guard !certificates.isEmpty else {
            throw MQTTError(.configuration, "the authorities to trust hold no certificate in PEM")
        }
        // The same one twice isn't an error.
        for certificate in certificates { X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), certificate) }
        ERR_clear_error()
    }

    private func show(_ certificate: Data, _ key: Data) throws(MQTTError) {
        let certificates = Self.certificates(in: certificate)
        defer { certificates.forEach { X509_free($0) } }
        guard let first = certificates.first, SSL_CTX_use_certificate(raw, first) == 1 else {
            throw MQTTError(.configuration, "our certificate can't be read: it is not a certificate in PEM")
        }
        for issuer in certificates.dropFirst() { copenssl_add_chain_certificate(raw, issuer) }
        let parsed = Self.reading(key) { bio in
            // Without a passphrase: nobody is here to be asked for one.
            PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, nil)
        }
        guard let parsed else {
            throw MQTTError(
                .configuration, "the key of our certificate can't be read: it is not an unencrypted key in PEM")
        }
        defer { EVP_PKEY_free(parsed) }
        guard SSL_CTX_use_PrivateKey(raw, parsed) == 1, SSL_CTX_check_private_key(raw) == 1 else {
            throw MQTTError(.configuration, "our certificate and the key don't belong together")
        }
    }

    private func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(
            raw,
            { store, me in
                let result = X509_verify_cert(store)
                if result != 1 {
                    let words = X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(store)))
                    TLSContext.at(me)?.certificateFault = words.map { String(cString: $0) } ?? "it is not valid"
                }
                return result
            }, me)
        SSL_CTX_set_ex_data(raw, 0, me)
        SSL_CTX_set_info_callback(raw) { session, event, _ in
            guard let me = TLSContext.at(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), 0)) else { return }
            // libmosquitto has put the address there; this is called before anything is said.
            if event & SSL_CB_HANDSHAKE_START != 0, !me.isHandshakeDone { copenssl_set_server_name(session, me.name) }
            if event & SSL_CB_HANDSHAKE_DONE != 0 { me.isHandshakeDone = true }
        }
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> TLSContext? {
        pointer.map { Unmanaged<TLSContext>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The caller frees them.
    private static func certificates(in pem: Data) -> [OpaquePointer] {
        reading(pem) { bio in
            var certificates: [OpaquePointer] = []
            while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) { certificates.append(certificate) }
            return certificates
        }
    }

    private static func reading<Value>(_ pem: Data, _ body: (OpaquePointer?) -> Value) -> Value {
        pem.withUnsafeBytes { bytes in
            let bio = BIO_new_mem_buf(bytes.baseAddress, CInt(clamping: bytes.count))
            // Its end is an error to OpenSSL.
            defer {
                BIO_free(bio)
                ERR_clear_error()
            }
            return body(bio)
        }
    }

    private static var lastError: String {
        ERR_reason_error_string(ERR_get_error()).map { String(cString: $0) } ?? "of an unknown error"
    }
}
