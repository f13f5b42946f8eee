/// The cookies of one gateway: their names, and what browsers are told of them.
package struct CookieAttributes: Hashable, Sendable {
    /// Such as `/reports`; empty at the root.
    package let basePath: String
    /// Whether browsers come by https; without it no cookie of theirs is safe, so only for tests on loopback.
    package let isSecure: Bool
    /// For a page in a frame of somebody else's, such as a tab in Teams: a cookie jar of its own for each such page.
    package let isPartitioned: Bool

    /// `basePath`: one or more segments, each with a slash before it.
    package init(basePath: String = "", isSecure: Bool = true, isPartitioned: Bool = false) {
        self.basePath = basePath
        self.isSecure = isSecure
        self.isPartitioned = isPartitioned && isSecure
    }

    package var sessionName: String { prefix + "report-session" }
    package var signInName: String { prefix + "report-sign-in" }

    /// By this prefix a browser takes the cookie from this very host only, over https, for all of its paths.
    private var prefix: String { isSecure && basePath.isEmpty ? "__Host-" : isSecure ? "__Secure-" : "" }

    /// The value of `Set-Cookie`. `maximumAge`: in seconds; nil for as long as the browser runs, 0 to remove it.
    func header(_ name: String, _ value: String, maximumAge: Int? = nil) -> String {
        var header = "\(name)=\(value); Path=\(basePath.isEmpty ? "/" : basePath); HttpOnly"
        if isSecure { header += "; Secure" }
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
