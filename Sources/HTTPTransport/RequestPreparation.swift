import AsyncSupport
internal import CCurl
import NetworkAddresses

/// Turns requests into settings of libcurl.
struct RequestPreparation {
    private let configuration: HTTPTransportConfiguration
    private let proxyEnvironment: ProxyEnvironment?

    init(_ configuration: HTTPTransportConfiguration) {
        self.configuration = configuration
        proxyEnvironment =
            switch configuration.proxy {
            case .environment: ProxyEnvironment.current
            case .none, .url: nil
            }
    }

    var addressRule: AddressRule { configuration.addressRule }

    /// Sets everything about a request but its callbacks.
    func apply(_ request: HTTPRequest, to easy: EasyHandle) throws(HTTPError) {
        guard request.headers.pairs.allSatisfy({ Self.isSound(name: $0.name, value: $0.value) }) else {
            throw HTTPError(code: .invalidRequest, message: "A header has forbidden characters", url: request.url)
        }
        do {
            try easy.useErrorBuffer()
            try applyConnection(request, to: easy)
            try applyTLS(request, to: easy)
            try applyRoute(request, to: easy)
            try applyMethod(request, to: easy)
        } catch {
            throw HTTPError(curl: error.code, message: easy.message(for: error.code), url: request.url)
        }
    }

    private func applyConnection(_ request: HTTPRequest, to easy: EasyHandle) throws(EasyHandle.SetupFailure) {
        try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        // HTTP/2 of 7.88 can report a body cut short as complete, and lets one stream stall all others.
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try easy.set(CURLOPT_NOSIGNAL, 1)
        // Without it, giving up a transfer waits for its name resolution, and all others wait with it.
        try easy.set(CURLOPT_QUICK_EXIT, 1)
        try easy.set(CURLOPT_TCP_NODELAY, 1)
        try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        try easy.set(CURLOPT_TCP_KEEPIDLE, 30)
        try easy.set(CURLOPT_TCP_KEEPINTVL, 15)
        // Kubernetes' API server closes connections after 90 s without a request; do not run into that.
        try easy.set(CURLOPT_MAXAGE_CONN, 60)
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, request.timeouts.connect.milliseconds)
        if request.acceptsCompression { try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
    }

    private func applyTLS(_ request: HTTPRequest, to easy: EasyHandle) throws(EasyHandle.SetupFailure) {
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if !configuration.verifiesServer {
            try easy.set(CURLOPT_SSL_VERIFYPEER, 0)
            try easy.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let authority = configuration.certificateAuthority {
            try easy.set(authority, path: CURLOPT_CAINFO, blob: CURLOPT_CAINFO_BLOB)
            // The directory of the system's authorities would be trusted besides.
            try easy.set(CURLOPT_CAPATH, nil)
            // libcurl keeps what it read for a day; a service account's authority may be replaced meanwhile.
            try easy.set(CURLOPT_CA_CACHE_TIMEOUT, 0)
        }
        if let identity = request.clientIdentity ?? configuration.clientIdentity {
            try easy.set(identity.certificate, path: CURLOPT_SSLCERT, blob: CURLOPT_SSLCERT_BLOB)
            try easy.set(identity.privateKey, path: CURLOPT_SSLKEY, blob: CURLOPT_SSLKEY_BLOB)
        }
    }

    // The server's name (for SNI and verification) is the URL's host to libcurl; where to connect then has to
    // be said besides.
    private func applyRoute(_ request: HTTPRequest, to easy: EasyHandle) throws(EasyHandle.SetupFailure) {
        var headers = StringList()
        var url = request.url
        if configuration.serverName != nil || proxyEnvironment?.isEmpty == false {
            guard let server = URLAuthority(url) else { throw EasyHandle.SetupFailure(code: CURLE_URL_MALFORMAT) }
            try easy.set(CURLOPT_PROXY, proxy(for: server))
            if let name = configuration.serverName {
                guard let renamed = URLAuthority.replacingHost(of: url, with: name) else {
                    throw EasyHandle.SetupFailure(code: CURLE_URL_MALFORMAT)
                }
                url = renamed
                try easy.setConnectTo("::\(server.bracketedHost):\(server.port)")
                if request.headers["Host"] == nil { headers.append("Host: \(server.hostHeader)") }
            }
        } else {
            try easy.set(CURLOPT_PROXY, proxy(for: nil))
        }
        // Decided above; libcurl's own reading of the environment must not interfere.
        try easy.set(CURLOPT_NOPROXY, "")
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try easy.set(CURLOPT_URL, url)

        for (name, value) in request.headers.pairs {
            headers.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        // "Name:" takes away what libcurl would add by itself.
        if request.bodyLength != nil, request.headers["Expect"] == nil { headers.append("Expect:") }
        if request.headers["Content-Type"] == nil { headers.append("Content-Type:") }
        try easy.setHeaders(headers)
    }

    // A body goes through a callback and not as CURLOPT_POSTFIELDS: see `HTTPTransport` about sending again.
    private func applyMethod(_ request: HTTPRequest, to easy: EasyHandle) throws(EasyHandle.SetupFailure) {
        switch request.method {
        case .get where request.bodyLength == nil:
            try easy.set(CURLOPT_HTTPGET, 1)
            return
        case .delete where request.bodyLength == nil:
            try easy.set(CURLOPT_HTTPGET, 1)
        case .get, .post, .put, .patch, .delete:
            try easy.set(CURLOPT_POST, 1)
            try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.bodyLength ?? 0)
        }
        try easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    /// The proxy for a server; empty for none, because libcurl takes `nil` for "ask the environment".
    private func proxy(for server: URLAuthority?) -> String {
        switch configuration.proxy {
        case .none: ""
        case .environment: Self.resolvingRemotely(server.flatMap { proxyEnvironment?.proxy(for: $0) } ?? "")
        case .url(let url): Self.resolvingRemotely(url)
        }
    }

    // As Go does: names behind a SOCKS proxy mean something to the proxy, not necessarily here.
    private static func resolvingRemotely(_ proxy: String) -> String {
        proxy.hasPrefix("socks5://") ? "socks5h" + proxy.dropFirst("socks5".count) : proxy
    }

    // A line break in a value would be a header of its own.
    private static func isSound(name: String, value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
    }
}

extension HTTPError {
    fileprivate init(curl code: CURLcode, message: String, url: String) {
        self.init(curl: code, message: message, url: url, isConnected: false)
    }
}
