import MailMessages

/// The address of a channel's server: scheme, host, port and what follows; no user, no fragment, no blank.
package struct ServerURL: Hashable, Sendable {
    /// In lower case.
    package let scheme: String
    /// In lower case; an address of IPv6 without its brackets.
    package let host: String
    package let port: Int?
    /// With the query; empty where there is neither.
    package let target: String

    /// Nil for what isn't one.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= 2048, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex,
            bytes[..<colon].allSatisfy(ASCII.isLetter), text[colon...].hasPrefix("://"),
            !bytes.contains(UInt8(ascii: "#"))
        else { return nil }
        let rest = text[bytes.index(colon, offsetBy: 3)...]
        let end = rest.utf8.firstIndex { "/?".utf8.contains($0) } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        scheme = text[..<colon].lowercased()
        self.host = host
        self.port = port
        target = String(rest[end...])
    }

    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        var (host, rest) = (text, Substring())
        if text.utf8.first == UInt8(ascii: "[") {
            guard let close = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = text[text.utf8.index(after: text.startIndex)..<close]
            rest = text[text.utf8.index(after: close)...]
            guard host.utf8.allSatisfy({ "0123456789abcdefABCDEF:.".utf8.contains($0) }),
                host.utf8.contains(UInt8(ascii: ":"))
            else { return nil }
        } else {
            if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
                (host, rest) = (text[..<colon], text[colon...])
            }
            guard MailAddress.isDomain(host) || isIPv4(host) else { return nil }
        }
        guard !rest.isEmpty else { return (host.lowercased(), nil) }
        let digits = rest.dropFirst()
        guard rest.utf8.first == UInt8(ascii: ":"), (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy(ASCII.isDigit), let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(ASCII.isDigit)
                    && part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }
}
