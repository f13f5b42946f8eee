/// One entry of a channel's `allowedRecipients`: an address, or `@domain` for everybody at exactly that domain.
///
/// For example:
///
///     RecipientRule("@example.com")?.admits(address)      // dana@example.com, and not dana@mail.example.com
package enum RecipientRule: Hashable, Sendable {
    case address(MailAddressForm)
    /// In lower case.
    case domain(String)

    /// Nil for what is neither, and for `*@domain`, which would be an address and is hardly meant as one.
    package init?(_ text: String) {
        if text.utf8.first == UInt8(ascii: "@") {
            guard text.utf8.count <= MailAddressForm.maximumBytes, MailAddressForm.isDomain(text.dropFirst()) else {
                return nil
            }
            self = .domain(text.dropFirst().lowercased())
        } else {
            guard let address = MailAddressForm(text), !address.local.utf8.contains(UInt8(ascii: "*")) else {
                return nil
            }
            self = .address(address)
        }
    }

    package func admits(_ address: MailAddressForm) -> Bool {
        switch self {
        case .address(let allowed): allowed.key == address.key
        case .domain(let domain): domain == address.domain
        }
    }

    /// Whether one of a channel's entries admits it. An entry that is none admits nobody.
    package static func admits(_ address: MailAddressForm, by allowed: [String]) -> Bool {
        allowed.lazy.compactMap(RecipientRule.init).contains { $0.admits(address) }
    }
}
