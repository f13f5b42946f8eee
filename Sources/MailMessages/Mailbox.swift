/// An address with the name that a reader sees: `Reports <reports@example.com>`.
package struct Mailbox: Hashable, Sendable {
    package var name: String?
    package var address: MailAddress

    package init(name: String? = nil, address: MailAddress) {
        self.name = name
        self.address = address
    }

    /// Reads `address`, `name <address>` and `"name" <address>`. A name that could be read another way is a fault.
    package init(_ text: String) throws(MailAddress.Fault) {
        guard text.utf8.count <= Self.maximumBytes else { throw .tooLong }
        guard text.utf8.last == UInt8(ascii: ">"), let open = text.utf8.firstIndex(of: UInt8(ascii: "<")) else {
            self.init(address: try MailAddress(text))
            return
        }
        let address = try MailAddress(String(text[text.utf8.index(after: open)...].dropLast()))
        var name = text[..<open]
        while name.utf8.last == UInt8(ascii: " ") { name.removeLast() }
        if name.utf8.count >= 2, name.utf8.first == UInt8(ascii: "\""), name.utf8.last == UInt8(ascii: "\"") {
            name = name.dropFirst().dropLast()
        }
        guard !name.isEmpty, !name.utf8.contains(where: "<>@\"".utf8.contains),
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw .name }
        self.init(name: String(name), address: address)
    }

    /// Of the whole text.
    private static let maximumBytes = 320
}
