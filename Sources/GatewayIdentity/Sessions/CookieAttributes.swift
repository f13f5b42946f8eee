/// The cookies of one gateway: their names, and what browsers are told of them.
package struct CookieAttributes: Hashable, Sendable {
    /// Where browsers find the gateway. Without https no cookie of theirs is safe, so only for tests on loopback.
    package let url: PublicURL
    /// For a page in a frame of somebody else's, such as a tab in Teams: a cookie jar of its own for each such page.
    package let isPartitioned: Bool

    package init(_ url: PublicURL, isPartitioned: Bool = false) {
        self.url = url
        self.isPartitioned = isPartitioned && url.isSecure
    }

    package var sessionName: String { name("report-session") }
    package var signInName: String { name("report-sign-in") }

    /// By the prefix a browser takes the cookie from this very host only, over https, and for all of its paths: no other host
    /// of the domain can put one there, nor one that goes before it for a longer path. So that gateways under several paths of
    /// one host don't take each other's cookie away, the path is in the name. A browser keeps those of frames beside others of
    /// the same name, and sends both: so they have another.
    private func name(_ text: String) -> String {
        let text = isPartitioned ? text + "-in-frame" : text
        let path = url.path.isEmpty ? "" : "." + url.path.dropFirst().split(separator: "/").joined(separator: "!")
        return (url.isSecure ? "__Host-" : "") + text + path
    }

    /// The value of `Set-Cookie`. `maximumAge`: in seconds; nil for as long as the browser runs, 0 to remove it.
    func header(_ name: String, _ value: String, maximumAge: Int? = nil) -> String {
        let path = url.isSecure || url.path.isEmpty ? "/" : url.path
        var header = "\(name)=\(value); Path=\(path); HttpOnly"
        if url.isSecure { header += "; Secure" }
        header += isPartitioned ? "; SameSite=None; Partitioned" : "; SameSite=Lax"
        if let maximumAge { header += "; Max-Age=\(maximumAge)" }
        return header
    }

    /// The values of a cookie in the headers `Cookie`, in their order.
    static func values(_ name: String, in headers: [String]) -> [Substring] {
        headers.flatMap { header in
            header.split(separator: ";").compactMap { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, trimmed(parts[0]).utf8.elementsEqual(name.utf8) else { return nil }
                let value = trimmed(parts[1])
                let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
                return isQuoted ? value.dropFirst().dropLast() : value
            }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
