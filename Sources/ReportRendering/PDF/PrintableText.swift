/// Texts made harmless for a page: what isn't a letter, mark or line break is shown as U+FFFD.
enum PrintableText {
    /// How a text can be set.
    enum Kind {
        /// Digits and what is between them: each glyph at its advance, no shaping.
        case figures
        /// Letters of which each is one glyph, from left to right, where the base font has them.
        case plain
        /// Needs pango: other scripts, marks, several lines.
        case complex
    }

    /// One line, each break a space.
    static func line(_ text: String) -> String {
        String(paragraphs(text).map { $0 == "\n" ? " " : $0 })
    }

    /// With line breaks as `\n` alone, and none at the ends.
    static func paragraphs(_ text: String) -> String {
        guard !isClean(text) else { return text }
        var result = ""
        result.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            defer { isAfterReturn = scalar == "\r" }
            switch scalar {
            case "\n" where isAfterReturn: break
            case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": result.unicodeScalars.append("\n")
            case "\t": result.unicodeScalars.append(" ")
            default: result.unicodeScalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
            }
        }
        while result.unicodeScalars.last == "\n" { result.unicodeScalars.removeLast() }
        while result.unicodeScalars.first == "\n" { result.unicodeScalars.removeFirst() }
        return result
    }

    /// Of a text that `paragraphs` made.
    static func kind(of text: String) -> Kind {
        if let kind = kindOfASCII(text) { return kind }
        var kind = Kind.figures
        for scalar in text.unicodeScalars where !isFigure(scalar) {
            guard isPlain(scalar) else { return .complex }
            kind = .plain
        }
        return kind
    }

    /// The same of most texts, by their bytes; nil of others.
    private static func kindOfASCII(_ text: String) -> Kind? {
        var kind = Kind.figures
        for byte in text.utf8 {
            guard byte >= 0x20, byte < 0x7F else { return nil }
            if kind == .figures, !isFigure(Unicode.Scalar(byte)) { kind = .plain }
        }
        return kind
    }

    /// Whether nothing in it needs a change: most texts, seen by their bytes alone.
    private static func isClean(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7F { return false }
            // C1 controls; U+2028 and U+2029; noncharacters, of which each has a byte 0xB7 or 0xBF.
            if previous == 0xC2, byte < 0xA0 { return false }
            if previous == 0x80, byte == 0xA8 || byte == 0xA9 { return false }
            if previous >= 0x80, byte == 0xBE || byte == 0xBF || previous == 0xB7 { return isPrintable(text) }
            previous = byte
        }
        return true
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { isPrintable($0) && $0 != "\u{2028}" && $0 != "\u{2029}" }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFDD0...0xFDEF: false
        default: scalar.value & 0xFFFE != 0xFFFE
        }
    }

    static func isFigure(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", ".", ",", "-", "/", "(", ")", " ", "%", "+", ":", "\u{A0}", "\u{202F}", "\u{2212}": true
        default: false
        }
    }

    /// Left to right and no mark, so that glyphs and characters go hand in hand.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x2FF, 0x370...0x482, 0x48A...0x52F, 0x1E00...0x1FFF, 0x2010...0x2027,
            0x202F...0x205E, 0x20A0...0x20BF, 0x2100...0x214F, 0x2190...0x22FF:
            true
        default: false
        }
    }
}
