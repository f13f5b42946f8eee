internal import COpenSSL
import Glibc

/// One TLS client session over a connected, non-blocking socket.
///
/// OpenSSL directly: Debian 12's hiredis has no TLS, and OpenSSL is loaded for libcurl anyway.
struct TLSSession: ~Copyable {
    private let context: OpaquePointer
    private let session: OpaquePointer

    /// Prepares a session with the server called `host`: a name or an address, which its certificate must have.
    init(descriptor: CInt, host: String, caFile: String?, verifies: Bool) throws(RedisError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Self.fault("OpenSSL has no client method") }
        guard let session = Self.prepare(context, caFile: caFile, verifies: verifies) else {
            let reason = Self.lastError
            SSL_CTX_free(context)
            throw Self.fault("the certificates to trust can't be read (\(caFile ?? "the system's"): \(reason))")
        }
        SSL_set_fd(session, descriptor)
        copenssl_allow_partial_writes(session)
        if verifies, X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
            SSL_set1_host(session, host)
        }
        copenssl_set_server_name(session, host)
        self.context = context
        self.session = session
    }

    private static func prepare(_ context: OpaquePointer, caFile: String?, verifies: Bool) -> OpaquePointer? {
        copenssl_require_tls12(context)
        SSL_CTX_set_verify(context, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        if verifies {
            let loaded =
                caFile.map { SSL_CTX_load_verify_locations(context, $0, nil) }
                ?? SSL_CTX_set_default_verify_paths(context)
            guard loaded == 1 else { return nil }
        }
        return SSL_new(context)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    func handshake() -> NetworkSocket.Progress {
        ERR_clear_error()
        let result = SSL_connect(session)
        return result == 1 ? .count(0) : progress(result)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> NetworkSocket.Progress {
        ERR_clear_error()
        let count = SSL_write(session, bytes.baseAddress, CInt(clamping: bytes.count))
        return count > 0 ? .count(Int(count)) : progress(count)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> NetworkSocket.Progress {
        ERR_clear_error()
        let count = SSL_read(session, buffer.baseAddress, CInt(clamping: buffer.count))
        return count > 0 ? .count(Int(count)) : progress(count)
    }

    private func progress(_ result: CInt) -> NetworkSocket.Progress {
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .wouldBlock(events: CShort(POLLIN))
        case SSL_ERROR_WANT_WRITE: return .wouldBlock(events: CShort(POLLOUT))
        case SSL_ERROR_ZERO_RETURN: return .end
        default:
            let verification = SSL_get_verify_result(session)
            guard verification == X509_V_OK else {
                return .failed("its certificate: \(String(cString: X509_verify_cert_error_string(verification)))")
            }
            return .failed(Self.lastError)
        }
    }

    private static var lastError: String {
        let code = ERR_get_error()
        guard code != 0 else { return "the connection broke" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "OpenSSL error \(code)"
    }

    private static func fault(_ what: String) -> RedisError {
        RedisError(.tls, "No TLS connection to Redis: \(what)")
    }
}
