extension StringProtocol {
    /// How many columns it takes where each letter is as wide as the next: a terminal, a mail in plain text.
    package var cells: Int { utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.cells } }

    /// As much of its beginning as fits into `cells` columns.
    package func prefix(cells: Int) -> SubSequence {
        var rest = cells
        return prefix { character in
            rest -= character.cells
            return rest >= 0
        }
    }
}

extension Character {
    /// Two for most of what is written in China, Japan and Korea and for emoji; nothing for what has no width.
    fileprivate var cells: Int {
        if isASCII { return 1 }
        if unicodeScalars.contains(where: { $0.properties.isEmojiPresentation || $0.isWide }) { return 2 }
        switch unicodeScalars.first?.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}

extension Unicode.Scalar {
    /// Of the blocks whose East Asian Width is W or F (UAX #11), besides emoji.
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
