/// Where a gateway is, without a slash at the end.
public struct GatewayAddress: Hashable, Sendable {
    public let text: String

    /// A token goes out only over TLS, or to this machine itself, where a tunnel begins.
    public init(_ text: String) throws(GatewayTrouble) {
        var rest = text.trimmingSpaces
        while rest.hasSuffix("/") { rest.removeLast() }
        let parts = rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, !parts[2].isEmpty, !parts[2].hasPrefix("/"),
            parts[0] == "https:" || parts[0] == "http:",
            !parts[2].contains("@"), !parts[2].contains("?"), !parts[2].contains("#"),
            rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw .address(text, fault: "an address is such as https://reports.example.com")
        }
        guard parts[0] == "https:" || Self.isLoopback(parts[2].prefix { $0 != "/" }) else {
            throw .address(text, fault: "without TLS others could read your token on its way; use https://")
        }
        self.text = rest
    }

    private static func isLoopback(_ authority: Substring) -> Bool {
        if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
        let host = authority.prefix { $0 != ":" }
        return host == "localhost" || host == "127.0.0.1"
    }
}
