internal import CCurl

extension HTTPError {
    /// What a result of libcurl means. `isConnected`: whether the request may have gone out.
    init(curl code: CURLcode, message: String, url: String, isConnected: Bool, isOut: Bool = false) {
        self.init(
            code: Self.code(for: code, isConnected: isConnected),
            message: message,
            url: url,
            curlCode: Int32(bitPattern: code.rawValue),
            mayHaveReachedServer: isConnected,
            wholeRequestIsOut: isOut
        )
    }

    private static func code(for code: CURLcode, isConnected: Bool) -> Code {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            .resolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY:
            .connect
        case CURLE_OPERATION_TIMEDOUT:
            // The only limit that libcurl itself is given.
            .timeout(.connect)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED:
            .tls
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND:
            // Before the connection is established, these are a proxy that turns us away.
            isConnected ? .connectionLost : .connect
        case CURLE_UNSUPPORTED_PROTOCOL:
            // Of the URL, or of a server that answers without a status line.
            isConnected ? .protocolViolation : .invalidRequest
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            .protocolViolation
        case CURLE_FILESIZE_EXCEEDED:
            .bodyTooLarge
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            .invalidRequest
        default:
            .other
        }
    }

    /// A deadline that passed.
    static func late(
        _ phase: TimeoutPhase, limit: Duration?, url: String, isConnected: Bool, isOut: Bool
    ) -> HTTPError {
        let what =
            switch phase {
            case .connect: "No connection"
            case .firstByte: "No response since the request was sent"
            case .idle: "No byte of the response"
            case .total: "The response was not complete"
            }
        let message = limit.map { "\(what) within \($0)" } ?? what
        return HTTPError(
            code: .timeout(phase), message: "\(message) (\(phase.rawValue) timeout)", url: url,
            mayHaveReachedServer: isConnected, wholeRequestIsOut: isOut)
    }
}
