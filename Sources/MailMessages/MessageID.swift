/// A message's name for ever: the same delivery and recipient give the same, so that a mailbox that gets the message
/// twice can tell.
package struct MessageID: Hashable, Sendable, CustomStringConvertible {
    /// With its angle brackets.
    package let description: String

    /// `domain` is the sender's.
    package init(delivery: String, recipient: MailAddress, domain: String) {
        let name = delivery.utf8.filter { MailAddress.isLetter($0) || MailAddress.isDigit($0) || $0 == 0x2D }.prefix(36)
        let digits = String(Self.fingerprint(of: "\(delivery)\n\(recipient)"), radix: 16)
        let padded = String(repeating: "0", count: 32 - digits.count) + digits
        description = "<\(name.isEmpty ? "report" : String(decoding: name, as: UTF8.self)).\(padded)@\(domain)>"
    }

    /// FNV-1a of 128 bits: it tells recipients apart and hides their addresses, no more.
    private static func fingerprint(of text: String) -> UInt128 {
        text.utf8.reduce(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d) { hash, byte in
            (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
        }
    }
}
