/// An address with the name that a reader sees: `Reports <reports@example.com>`.
package struct Mailbox: Hashable, Sendable {
    package var name: String?
    package var address: MailAddress

    package init(name: String? = nil, address: MailAddress) {
        self.name = name
        self.address = address
    }

    /// Reads `address`, `<address>`, `name <address>` and `"name" <address>`.
    package init(_ text: String) throws(MailAddress.Fault) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            self.init(address: try MailAddress(text))
            return
        }
        let address = try MailAddress(String(text[text.index(after: open)...].dropLast()))
        var name = HeaderText.oneLine(String(text[..<open]))
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        self.init(name: name.isEmpty ? nil : name, address: address)
    }
}
