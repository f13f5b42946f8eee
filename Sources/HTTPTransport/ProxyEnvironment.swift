import Glibc
import NetworkAddresses

/// The proxies that environment variables name, with the meaning that Go's `net/http` gives them, so that
/// `kubectl` and this client go the same way.
struct ProxyEnvironment: Equatable {
    private let httpProxy: String?
    private let httpsProxy: String?
    private let exceptions: [String]

    /// - Parameter lookUp: The value of an environment variable.
    init(lookUp: (String) -> String?) {
        func value(_ name: String) -> String? {
            [name, name.lowercased()].compactMap(lookUp).first { !$0.isEmpty }
        }
        httpProxy = value("HTTP_PROXY")
        httpsProxy = value("HTTPS_PROXY")
        exceptions = (value("NO_PROXY") ?? "").lowercased().split { ", \t".contains($0) }.map(String.init)
    }

    /// The environment of this process, as it is now.
    static var current: ProxyEnvironment {
        ProxyEnvironment { name in getenv(name).map { String(cString: $0) } }
    }

    /// Whether no request ever goes through a proxy.
    var isEmpty: Bool { httpProxy == nil && httpsProxy == nil }

    /// The proxy for a server; `nil` to connect directly. This machine itself is always reached directly.
    func proxy(for server: URLAuthority) -> String? {
        guard let proxy = server.scheme == "https" ? httpsProxy : httpProxy else { return nil }
        let host = server.host.lowercased()
        guard host != "localhost", !IPAddressRange.isLoopback(host) else { return nil }
        return exceptions.contains { Self.matches($0, host: host, port: server.port) } ? nil : proxy
    }

    // "*", "10.0.0.0/8", "10.1.2.3", "example.com" (with what is under it), ".example.com" (only what is under
    // it); all but ranges may end in ":port".
    private static func matches(_ exception: String, host: String, port: Int) -> Bool {
        if exception == "*" { return true }
        if let range = IPAddressRange(exception) { return range.contains(host) }
        var name = exception[...]
        if let colon = exception.lastIndex(of: ":"), let only = Int(exception[exception.index(after: colon)...]) {
            guard only == port else { return false }
            name = exception[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        if let address = IPAddressRange(name) { return address.contains(host) }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        guard !name.isEmpty else { return false }
        return name.hasPrefix(".") ? host.hasSuffix(name) : host == name || host.hasSuffix("." + name)
    }
}
