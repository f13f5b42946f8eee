/// A mail to one recipient: a text, the same as HTML, and files.
///
/// Whatever its fields hold, each of its header fields is one, and its body is its body.
package struct MailMessage: Hashable, Sendable {
    package var id: MessageID
    /// When it was made: the same for each try.
    package var secondsSince1970: Int
    package var from: Mailbox
    /// Who gets it; nobody else does, whoever is named in `cc`.
    package var recipient: Mailbox
    package var cc: [Mailbox] = []
    package var replyTo: Mailbox?
    package var subject: String
    package var text: String
    package var html: String?
    package var attachments: [MailAttachment] = []

    package init(
        id: MessageID, secondsSince1970: Int, from: Mailbox, recipient: Mailbox, subject: String, text: String
    ) {
        self.id = id
        self.secondsSince1970 = secondsSince1970
        self.from = from
        self.recipient = recipient
        self.subject = subject
        self.text = text
    }

    /// It as it is sent: the same message, the same bytes.
    package func encoded() -> EncodedMail {
        var mail = EncodedMail()
        mail.append(fields)
        guard !attachments.isEmpty else {
            appendBody(to: &mail)
            return mail
        }
        mail.append("Content-Type: multipart/mixed; boundary=\"\(Self.mixed)\"\r\n\r\n--\(Self.mixed)\r\n")
        appendBody(to: &mail)
        for attachment in attachments {
            mail.append("--\(Self.mixed)\r\nContent-Type: \(attachment.safeMediaType)\r\n")
            mail.append("Content-Transfer-Encoding: base64\r\n")
            mail.append(
                "Content-Disposition: attachment\(HeaderParameter.text("filename", attachment.safeName))\r\n\r\n")
            mail.append(attachment.content)
        }
        mail.append("--\(Self.mixed)--\r\n")
        return mail
    }

    // Neither quoted-printable nor base64 can hold `=_`.
    private static let mixed = "=_mixed"
    private static let alternative = "=_alternative"

    private var fields: String {
        var fields = "Date: \(MailDate.text(secondsSince1970: secondsSince1970))\r\n"
        fields += HeaderText.field("From", [from])
        fields += HeaderText.field("To", [recipient])
        if !cc.isEmpty { fields += HeaderText.field("Cc", cc) }
        if let replyTo { fields += HeaderText.field("Reply-To", [replyTo]) }
        fields += HeaderText.field("Subject", subject)
        fields += "Message-ID: \(id)\r\n"
        // Keeps "I'm on holiday" from being answered to a report (RFC 3834).
        fields += "Auto-Submitted: auto-generated\r\n"
        fields += "MIME-Version: 1.0\r\n"
        return fields
    }

    private func appendBody(to mail: inout EncodedMail) {
        guard let html else {
            mail.append(Self.part("plain", text))
            return
        }
        mail.append("Content-Type: multipart/alternative; boundary=\"\(Self.alternative)\"\r\n\r\n")
        mail.append("--\(Self.alternative)\r\n\(Self.part("plain", text))")
        mail.append("--\(Self.alternative)\r\n\(Self.part("html", html))")
        mail.append("--\(Self.alternative)--\r\n")
    }

    private static func part(_ subtype: String, _ text: String) -> String {
        "Content-Type: text/\(subtype); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            + QuotedPrintable.lines(of: text)
    }
}
