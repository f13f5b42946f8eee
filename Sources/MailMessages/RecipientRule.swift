/// One entry of a channel's `allowedRecipients`: an address, or `@domain` for everybody at exactly that domain.
///
/// For example:
///
///     try RecipientRule("@example.com").admits(address)      // dana@example.com, and not dana@mail.example.com
package enum RecipientRule: Hashable, Sendable {
    case address(MailAddress)
    /// In lower case.
    case domain(String)

    package init(_ text: String) throws(MailAddress.Fault) {
        guard text.utf8.count <= MailAddress.maximumBytes else { throw .tooLong }
        guard text.utf8.first == UInt8(ascii: "@") else {
            let address = try MailAddress(text)
            guard !address.localPart.utf8.contains(UInt8(ascii: "*")) else { throw .wildcard }
            self = .address(address)
            return
        }
        guard MailAddress.isDomain(text.dropFirst()) else { throw .domain }
        self = .domain(text.dropFirst().lowercased())
    }

    package func admits(_ address: MailAddress) -> Bool {
        switch self {
        case .address(let allowed): allowed.key == address.key
        case .domain(let domain): domain == address.domain
        }
    }

    /// Whether one of a channel's entries admits it. An entry that is none admits nobody.
    package static func admits(_ address: MailAddress, by allowed: [String]) -> Bool {
        allowed.lazy.compactMap { try? RecipientRule($0) }.contains { $0.admits(address) }
    }
}
