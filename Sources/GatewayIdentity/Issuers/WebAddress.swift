/// Whether an address is one that identities may come from: nobody on the way can have written what it says.
enum WebAddress {
    /// What is wrong, as what is allowed; nil where nothing is.
    static func fault(_ text: String, allowInsecure: Bool) -> String? {
        let allowed = "an https:// URL" + (allowInsecure ? ", or an http:// one of this machine's loopback" : "")
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            return "\(allowed), of ASCII's visible characters"
        }
        guard let end = text.firstRange(of: "://"), let host = host(text[end.upperBound...]) else { return allowed }
        switch text[..<end.lowerBound] {
        case "https": return nil
        case "http": return allowInsecure && isLoopback(host) ? nil : allowed
        case _: return allowed
        }
    }

    /// Of what follows the scheme: neither with a user before it nor with anything but digits as its port.
    private static func host(_ rest: Substring) -> Substring? {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return nil }
        // An IPv6 address has colons of its own, within its brackets.
        let start = authority.lastIndex(of: "]") ?? authority.startIndex
        let host = authority[start...].firstIndex(of: ":").map { authority[..<$0] } ?? authority
        let port = authority[host.endIndex...].dropFirst()
        guard !host.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return host
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
