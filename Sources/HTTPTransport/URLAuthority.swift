internal import CCurl

/// Scheme, host and port of a URL, as libcurl itself reads them.
struct URLAuthority: Equatable {
    var scheme: String
    /// Without the brackets of an IPv6 address.
    var host: String
    var port: Int
    private var hasDefaultPort: Bool

    /// Reads an absolute URL; `nil` if libcurl would not take it.
    init?(_ url: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle),
            let host = Self.part(CURLUPART_HOST, of: handle),
            let port = Self.part(CURLUPART_PORT, of: handle, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
        else { return nil }
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        hasDefaultPort =
            Self.part(CURLUPART_PORT, of: handle, flags: UInt32(CURLU_NO_DEFAULT_PORT)) == nil
    }

    /// The host as URLs and `CONNECT_TO` write it: an IPv6 address in brackets.
    var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// The value of `Host`.
    var hostHeader: String { hasDefaultPort ? bracketedHost : "\(bracketedHost):\(port)" }

    /// The same URL with another host in its place.
    static func replacingHost(of url: String, with name: String) -> String? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_HOST, name, 0) == CURLUE_OK
        else { return nil }
        return part(CURLUPART_URL, of: handle)
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
