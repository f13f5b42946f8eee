/// The one form of an address that is written to: a plain addr-spec, whose local part is a dot-atom and whose domain is one
/// of DNS (names beyond ASCII as A-labels). No display name, no quotes, no comment, no address literal.
package struct MailAddressForm: Hashable, Sendable {
    package let local: String
    /// In lower case.
    package let domain: String

    /// Nil for anything else.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= Self.maximumBytes, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let (local, domain) = (text[..<at], text[bytes.index(after: at)...])
        guard Self.isDotAtom(local), Self.isDomain(domain) else { return nil }
        self.local = String(local)
        self.domain = domain.lowercased()
    }

    /// Of an address, in bytes.
    package static let maximumBytes = 254

    /// By which two ways to write one mailbox are told to be the same. Every server in use ignores the case of the local
    /// part, though it needn't.
    package var key: String { "\(local.lowercased())@\(domain)" }

    /// What one that isn't an address should be, for messages.
    static let expectation =
        "one plain address such as dana@example.com, without a name, in ASCII (write an "
        + "international domain as xn--…)"

    private static func isDotAtom(_ text: Substring) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { ASCII.isAlphanumeric($0) || "!#$%&'*+/=?^_`{|}~-".utf8.contains($0) }
        }
    }

    /// Of labels as DNS has them, in any case. No number at its end: that would be an IP address.
    static func isDomain(_ text: Substring) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
            return ASCII.isAlphanumeric(first) && ASCII.isAlphanumeric(last)
                && label.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        } && labels.last?.allSatisfy(ASCII.isDigit) == false
    }
}
