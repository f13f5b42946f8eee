/// The forms that names in Kubernetes have.
///
/// By hand: a regular expression is recompiled at each use, and these are on the hot path.
public enum NameForm {
    /// A DNS label (RFC 1123), as namespaces have it: lower-case letters, digits and dashes, not at either end, at most 63.
    public static func isLabel(_ text: String) -> Bool { text.utf8.count <= 63 && isPart(text.utf8[...]) }

    /// A DNS subdomain (RFC 1123), as most objects have it: parts such as labels with dots between them, at most 253 in all.
    public static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isPart)
    }

    /// A label's key: a name of at most 63 bytes, with or without a subdomain and a slash before it.
    public static func isLabelKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty, isLabelValue(String(name)) else { return false }
        return parts.count == 1 || parts.count == 2 && isSubdomain(String(parts[0]))
    }

    /// A label's value: nothing, or at most 63 letters, digits, dashes, underscores and dots, with a letter or digit at both
    /// ends.
    public static func isLabelValue(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return true }
        return bytes.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isPart(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
