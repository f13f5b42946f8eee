/// RFC 2045's quoted-printable, for texts.
enum QuotedPrintable {
    /// A text with CRLF at its lines' ends, whichever it had, and at its own; no line begins with a dot.
    static func lines(of text: String) -> String {
        var result = ""
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.count > 1, lines.last == "" { lines.removeLast() }
        for line in lines { result += encoded(line) + "\r\n" }
        return result
    }

    private static func encoded(_ line: Substring) -> String {
        var result = ""
        var column = 0
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let next: String =
                switch byte {
                case UInt8(ascii: " "), 0x09: isLast ? "=" + HeaderParameter.hex(byte) : String(UnicodeScalar(byte))
                // A dot at a line's begin is SMTP's own.
                case UInt8(ascii: "."): column == 0 ? "=2E" : "."
                case UInt8(ascii: "="): "=3D"
                case 0x21...0x7E: String(UnicodeScalar(byte))
                default: "=" + HeaderParameter.hex(byte)
                }
            if column + next.utf8.count > (isLast ? 76 : 75) {
                result += "=\r\n"
                // At the begin of a line now.
                let first = byte == UInt8(ascii: ".") ? "=2E" : next
                result += first
                column = first.utf8.count
            } else {
                result += next
                column += next.utf8.count
            }
        }
        return result
    }
}
