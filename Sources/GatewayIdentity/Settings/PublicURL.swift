/// Where browsers find the gateway.
package struct PublicURL: Hashable, Sendable {
    /// Such as `https://reports.example.com/reports`: with the base path, without a slash at its end.
    package let text: String
    /// Whether browsers come by https.
    package let isSecure: Bool
    /// Such as `/reports`; empty at the root.
    package let path: String

    package static let allowed =
        "an address such as https://reports.example.com (http on loopback alone), whose path has ASCII letters, digits "
        + "and -._~"

    /// Nil for what is none that is `allowed`.
    package init?(_ text: String) {
        guard ProviderAddress.isAllowed(text, allowInsecure: true) else { return nil }
        isSecure = text.hasPrefix("https://")
        let trimmed = text.hasSuffix("/") ? text.dropLast() : text[...]
        let rest = trimmed.dropFirst(isSecure ? 8 : 7)
        path = String(rest.drop { $0 != "/" })
        self.text = String(trimmed)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.allSatisfy({ !["", ".", ".."].contains($0) && $0.utf8.allSatisfy(Self.isPlain) }) else {
            return nil
        }
    }

    /// With the base path at its end, where it isn't there; from slash to slash.
    package func under(_ basePath: String) -> PublicURL? {
        let own = basePath.hasSuffix("/") ? String(basePath.dropLast()) : basePath
        return path.hasSuffix(own) ? self : PublicURL(text + own)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }
}
