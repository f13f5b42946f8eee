/// Whom a channel may send to: one address, or with `@example.com` all of a domain, its subdomains not.
package struct RecipientRule: Hashable, Sendable {
    private enum Kind: Hashable {
        case domain(String)
        case address(MailAddress)
    }

    private let kind: Kind

    package init(_ text: String) throws(MailAddress.Fault) {
        guard text.hasPrefix("@") else {
            kind = .address(try MailAddress(text))
            return
        }
        let domain = text.dropFirst()
        guard MailAddress.isDomain(domain.utf8) else { throw .domain }
        kind = .domain(domain.lowercased())
    }

    /// An address of a rule may differ in case, as mailboxes in practice don't.
    package func allows(_ address: MailAddress) -> Bool {
        switch kind {
        case .domain(let domain): address.domain == domain
        case .address(let allowed): address.description.lowercased() == allowed.description.lowercased()
        }
    }
}
