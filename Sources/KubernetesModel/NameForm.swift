/// The forms that names in Kubernetes have.
///
/// By hand: a regular expression is compiled anew at each use, and these are on the hot path.
package enum NameForm {
    /// A DNS label (RFC 1123), as namespaces have it: lower-case letters, digits and dashes, not at either end, at most 63.
    package static func isLabel(_ text: String) -> Bool { text.utf8.count <= 63 && isPart(text.utf8[...]) }

    /// A DNS subdomain (RFC 1123), as most objects have it: parts such as labels with dots between them, at most 253 in all.
    package static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isPart)
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
