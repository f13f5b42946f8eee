/// One plain address, `dana@example.com`: a dot-atom, `@`, and a domain of A-labels (RFC 5321, without quoted local
/// parts, comments and address literals).
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// Why a text isn't an address.
    package enum Fault: Error, Hashable, Sendable {
        case tooLong
        case noAt
        case localPart
        case domain
        /// Of a mailbox: its name could be read another way.
        case name
        /// Of a rule: `*@example.com`, which would be an address and is hardly meant as one.
        case wildcard
    }

    /// In bytes.
    package static let maximumBytes = 254

    /// As written: servers may tell upper from lower case.
    package let localPart: String
    /// In lower case.
    package let domain: String

    package init(_ text: String) throws(Fault) {
        guard text.utf8.count <= Self.maximumBytes else { throw .tooLong }
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { throw .noAt }
        let localPart = text[..<at]
        let domain = text[text.utf8.index(after: at)...]
        guard Self.isDotAtom(localPart.utf8) else { throw .localPart }
        guard Self.isDomain(domain.utf8) else { throw .domain }
        self.localPart = String(localPart)
        self.domain = domain.lowercased()
    }

    package var description: String { "\(localPart)@\(domain)" }

    /// By which two ways to write one mailbox are told to be the same: servers in use ignore the case of the local part,
    /// though they needn't.
    package var key: String { "\(localPart.lowercased())@\(domain)" }

    /// Of labels as DNS has them, in any case. No number at its end: that would be an IP address.
    package static func isDomain(_ text: some StringProtocol) -> Bool { isDomain(Substring(text).utf8) }

    static func isDomain(_ text: Substring.UTF8View) -> Bool {
        let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.count <= 253, let last = labels.last else { return false }
        // A last label of digits alone is an IPv4 address.
        return labels.allSatisfy(isLabel) && !last.allSatisfy(isDigit)
    }

    private static func isDotAtom(_ text: Substring.UTF8View) -> Bool {
        let atoms = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.count <= 64 && atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomText) }
    }

    private static func isLabel(_ text: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...63).contains(text.count), text.first != hyphen, text.last != hyphen else { return false }
        return text.allSatisfy { isLetter($0) || isDigit($0) || $0 == hyphen }
    }

    static func isAtomText(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte & 0x40 != 0
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension MailAddress.Fault: CustomStringConvertible {
    /// Follows "… isn't an address that a report can be sent to: ".
    package var description: String {
        switch self {
        case .tooLong: "it is longer than 254 bytes"
        case .noAt: "it has no @"
        case .localPart:
            "before the @ must stand 1 to 64 ASCII letters, digits and !#$%&'*+-/=?^_`{|}~, with single dots between them"
        case .domain:
            "after the @ must stand a domain of ASCII letters, digits, hyphens and dots; write other letters as xn--…"
        case .name: "its name is empty, or holds <, >, @ or a control character"
        case .wildcard: "* stands for nobody: @example.com is everybody at that domain"
        }
    }
}
