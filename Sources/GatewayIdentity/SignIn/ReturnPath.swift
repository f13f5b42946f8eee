/// Where somebody goes after signing in: a path of ours and nowhere else.
package enum ReturnPath {
    static let maximumLength = 1024

    /// The path, or `/` where a browser could take it for another place.
    ///
    /// Relative to the base path; a query is part of it.
    package static func checked(_ path: String?) -> String {
        guard let path, isOurs(path) else { return "/" }
        return path
    }

    package static func isOurs(_ path: String) -> Bool {
        // A backslash is a slash to browsers, and they drop tabs and line ends wherever they are.
        guard path.utf8.count <= maximumLength, path.utf8.first == UInt8(ascii: "/"),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\\\"<>^`{|}".utf8.contains($0) }),
            !path.contains("//")
        else { return false }
        let segments = path.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        // What a proxy or a browser decodes once more would be another path.
        let encoded = segments.joined(separator: "/").lowercased()
        guard !["%2f", "%5c", "%0", "%1", "%7f"].contains(where: encoded.contains) else { return false }
        let dots = [".", "..", "%2e", ".%2e", "%2e.", "%2e%2e"]
        // After sign-in, sign-in again would go on for ever.
        return !segments.contains { dots.contains($0.lowercased()) } && segments.first?.lowercased() != "auth"
    }
}
