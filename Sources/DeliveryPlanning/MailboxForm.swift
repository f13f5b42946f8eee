/// The address that a channel's mails come from: `Reports <reports@example.com>`, or the address alone.
package struct MailboxForm: Hashable, Sendable {
    package let name: String?
    package let address: MailAddressForm

    package init?(_ text: String) {
        if let address = MailAddressForm(text) {
            name = nil
            self.address = address
            return
        }
        let bytes = text.utf8
        guard bytes.count <= 320, bytes.last == UInt8(ascii: ">"), let open = bytes.firstIndex(of: UInt8(ascii: "<")),
            let address = MailAddressForm(String(text[bytes.index(after: open)...].dropLast()))
        else { return nil }
        let name = text[..<open]
        // What a header's line can hold is the transport's to write; nothing here may end the line.
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }),
            !name.utf8.contains(where: "<>@".utf8.contains)
        else { return nil }
        var trimmed = name
        while trimmed.utf8.last == UInt8(ascii: " ") { trimmed.removeLast() }
        guard !trimmed.isEmpty else { return nil }
        self.name = String(trimmed)
        self.address = address
    }
}
