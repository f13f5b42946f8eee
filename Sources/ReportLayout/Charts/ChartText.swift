/// How wide a text will be, where no font can be asked.
package enum ChartText {
    /// Of a usual sans serif font (Helvetica, Arial, DejaVu Sans), rather too wide than too narrow.
    package static func estimatedWidth(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0.0) { $0 + em($1) } * size
    }

    private static func em(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case ".", ",", "'", "i", "j", "l", "I", "|", ":", ";", "!", " ", "\u{A0}", "\u{202F}": 0.34
        case "m", "w", "M", "W", "%", "@": 0.95
        case "A"..."Z": 0.7
        case "\u{300}"..."\u{36F}", "\u{200B}"..."\u{200F}": 0
        // Ideographs, kana, hangul, full-width forms, emoji.
        case "\u{1100}"..."\u{115F}", "\u{2E80}"..."\u{A4CF}", "\u{AC00}"..."\u{D7A3}", "\u{F900}"..."\u{FAFF}",
            "\u{FE30}"..."\u{FE6F}", "\u{FF00}"..."\u{FF60}", "\u{1F300}"..."\u{1FAFF}", "\u{20000}"..."\u{3FFFD}":
            1.05
        default: 0.6
        }
    }

    /// Broken at spaces into lines of at most that width; a word that is wider alone is a line.
    package static func wrapped(_ text: String, width: Double, measure: (String) -> Double) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, measure(last + " " + word) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// With "…" at its end where it was too wide.
    package static func cut(_ text: String, width: Double, measure: (String) -> Double) -> String {
        guard measure(text) > width else { return text }
        var head = Substring(text)
        while let last = head.popLast() {
            if last.isWhitespace { continue }
            let cut = head + "…"
            if measure(String(cut)) <= width { return String(cut) }
        }
        return "…"
    }
}
