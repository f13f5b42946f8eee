/// An address of an identity provider, before anything is sent there.
enum ProviderAddress {
    static let allowed = "an https:// URL without user, query and fragment"
    static let allowedInsecure = allowed + ", or http:// on 127.0.0.1, [::1] or localhost"

    /// Whether secrets may be sent there.
    static func isAllowed(_ text: String, allowInsecure: Bool) -> Bool {
        let isSecure = text.hasPrefix("https://")
        guard isSecure || (allowInsecure && text.hasPrefix("http://")), text.utf8.count <= 1024,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return false }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        guard !rest.contains(where: { "?#@\"<>".contains($0) }) else { return false }
        let (host, port) = parts(rest.prefix { $0 != "/" })
        guard !host.isEmpty, port.map({ (1...65535).contains(Int($0) ?? 0) }) ?? true else { return false }
        return isSecure || isLoopback(host)
    }

    private static func parts(_ authority: Substring) -> (host: Substring, port: Substring?) {
        let afterHost = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        guard let colon = authority[afterHost...].firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }
}
