/// Values of header fields as a mail server takes them: one line each, ASCII, folded at 78 columns (RFC 5322, 2047).
enum HeaderText {
    /// Columns of a line, without its end.
    static let width = 78

    /// It without control characters and other ends of lines, each run of which becomes a space, nor spaces at its ends.
    static func oneLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isControl(scalar) {
                line.append(scalar)
            } else if let last = line.last, last != " " {
                line.append(" ")
            }
        }
        let trimmed = line.drop { $0 == " " }
        return String(trimmed[..<(trimmed.lastIndex { $0 != " " }.map(trimmed.index(after:)) ?? trimmed.startIndex)])
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// A field of free text, such as the subject, with the line's end.
    static func field(_ name: String, _ value: String) -> String {
        let value = oneLine(value)
        let column = name.utf8.count + 2
        return "\(name): \(isPlain(value) ? folded(value, from: column) : encodedWords(value, from: column))\r\n"
    }

    /// A field of mailboxes, one a line.
    static func field(_ name: String, _ mailboxes: [Mailbox]) -> String {
        let values = mailboxes.enumerated().map { index, mailbox in
            Self.mailbox(mailbox, from: index == 0 ? name.utf8.count + 2 : 1)
        }
        return "\(name): \(values.joined(separator: ",\r\n "))\r\n"
    }

    private static func mailbox(_ mailbox: Mailbox, from column: Int) -> String {
        let address = mailbox.address.description
        let name = oneLine(mailbox.name ?? "")
        if name.isEmpty { return address }
        let phrase = isPlain(name) && name.utf8.count < 60 ? quoted(name) : encodedWords(name, from: column)
        let line = phrase.split(separator: "\r\n").last ?? ""
        let used = line.utf8.count + (line.utf8.count == phrase.utf8.count ? column : 0)
        return phrase + (used + address.utf8.count + 3 <= width ? " " : "\r\n ") + "<\(address)>"
    }

    private static func quoted(_ name: String) -> String {
        if name.utf8.allSatisfy({ MailAddress.isAtomText($0) || $0 == 0x20 }) { return name }
        return "\"\(name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined())\""
    }

    /// Whether it can be used unchanged: ASCII, nothing that reads as an encoded word, and no word too long to fold at.
    private static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !value.contains("=?")
            && value.split(separator: " ").allSatisfy { $0.utf8.count <= 60 }
    }

    private static func folded(_ value: String, from column: Int) -> String {
        var result = ""
        var column = column
        for word in value.split(separator: " ", omittingEmptySubsequences: false) {
            if result.isEmpty {
                result = String(word)
                column += word.utf8.count
            } else if column + 1 + word.utf8.count > width, !word.isEmpty {
                result += "\r\n \(word)"
                column = 1 + word.utf8.count
            } else {
                result += " \(word)"
                column += 1 + word.utf8.count
            }
        }
        return result
    }

    /// Encoded words of at most 75 columns, each of whole characters.
    private static func encodedWords(_ value: String, from column: Int) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        // `=?utf-8?B?` and `?=` are 12 columns; base64 makes 4 of 3.
        var room = max(3, (min(75, width - column) - 12) / 4 * 3)
        for scalar in value.unicodeScalars {
            let encoded = UTF8.encode(scalar).map(Array.init) ?? []
            if bytes.count + encoded.count > room, !bytes.isEmpty {
                words.append("=?utf-8?B?\(Base64.text(bytes))?=")
                bytes = []
                room = 45
            }
            bytes += encoded
        }
        words.append("=?utf-8?B?\(Base64.text(bytes))?=")
        return words.joined(separator: "\r\n ")
    }
}
