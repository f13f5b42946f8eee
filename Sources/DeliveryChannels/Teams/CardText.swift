import KubernetesModel

/// Text that goes into an Adaptive Card, whose texts are read as Markdown.
package enum CardText {
    /// The same text to who reads it: nothing in it is bold, a link, a list, or one of the card's functions.
    ///
    /// Ends of lines become paragraphs, as Teams shows no others.
    package static func escaped(_ text: String) -> String {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.map(line).joined(separator: "\n\n")
    }

    private static let backslash = UInt8(ascii: "\\")
    private static let ampersand = UInt8(ascii: "&")
    /// Wherever they are.
    private static let special = Set(#"\*_[]`~<|"#.utf8)
    private static func line(_ text: Substring.UTF8View) -> String {
        let bytes = text.filter { $0 >= 0x20 && $0 != 0x7F }
        var (escaped, isStart, digits): ([UInt8], Bool, Int) = ([], true, 0)
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : nil
            let previous = index > 0 ? bytes[index - 1] : nil
            if byte == ampersand, let next, next == UInt8(ascii: "#") || isLetter(next) {
                // &amp; would be a character.
                escaped.append(backslash)
            } else if special.contains(byte) || isStart && opens(byte, before: next, digits: digits)
                // {{DATE(…)}} and {{TIME(…)}} are functions.
                || byte == UInt8(ascii: "{") && previous == byte
            {
                escaped.append(backslash)
            }
            escaped.append(byte)
            let isDigit = (0x30...0x39).contains(byte)
            if isDigit { digits += 1 }
            isStart = isStart && (byte == UInt8(ascii: " ") && digits == 0 || isDigit)
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// Whether it makes a quotation, a heading, a list or a rule of a line that begins with it, or with digits before.
    private static func opens(_ byte: UInt8, before next: UInt8?, digits: Int) -> Bool {
        let isAlone = next == nil || next == UInt8(ascii: " ")
        return switch byte {
        case UInt8(ascii: ">"): digits == 0
        case UInt8(ascii: "#"), UInt8(ascii: "-"), UInt8(ascii: "+"): digits == 0 && (isAlone || next == byte)
        case UInt8(ascii: "."), UInt8(ascii: ")"): digits > 0 && isAlone
        default: false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// A line of a table in a font of even width, which keeps its blanks.
    package static func aligned(_ line: Substring) -> String {
        var text = String.UnicodeScalarView()
        for scalar in line.unicodeScalars where scalar.properties.generalCategory != .control {
            text.append(scalar == " " ? "\u{A0}" : scalar)
        }
        return String(text)
    }
}
