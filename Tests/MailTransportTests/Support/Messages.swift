import MailMessages

/// A message to send.
func message(to recipient: String = "dana@example.com", text: String = "Hello.") throws -> MailMessage {
    let recipient = try MailAddress(recipient)
    let from = try Mailbox("Reports <reports@example.com>")
    return MailMessage(
        id: MessageID(delivery: "0b8f", recipient: recipient, domain: from.address.domain),
        secondsSince1970: 1_795_862_120, from: from, recipient: Mailbox(address: recipient),
        subject: "Trial balance", text: text)
}

extension EncodedMail {
    /// The whole, of attachments in memory.
    var text: String {
        var bytes: [UInt8] = []
        for segment in segments {
            switch segment {
            case .bytes(let more): bytes += more
            case .base64(.bytes(let more)): Base64.appendLines(of: more[...], to: &bytes)
            case .base64(.file): continue
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
