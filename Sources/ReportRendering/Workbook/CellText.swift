/// A text as a workbook's cell has it.
///
/// A workbook is XML, which some characters can't be in: they are written as `_x0001_`. So a text that has `_x0041_` of
/// its own is written `_x005F_x0041_`, or a reader would see an `A`.
struct CellText {
    /// Excel's limit, in UTF-16's units.
    static let limit = 32_767

    private(set) var text: String
    /// About how many digits it is wide: that of its widest line.
    private(set) var width = 0
    /// Whether its end was cut off, which the last character says.
    private(set) var isCut = false
    /// Whether it has a character that XML has another use for.
    private var hasMarkup = false

    init(_ text: String) {
        self.text = text
        let isPlain = self.text.withUTF8 { Self.look(at: $0, width: &width, hasMarkup: &hasMarkup) }
        guard !isPlain || text.utf8.count > Self.limit else { return }
        // Each unit has three bytes at most. What is longer isn't escaped as a whole only to be cut.
        if text.utf8.count <= Self.limit * 3 {
            if !isPlain { self.text = Self.escaped(text) }
            guard self.text.utf16.count > Self.limit else { return }
        }
        self.text = Self.cut(text)
        isCut = true
    }

    var isEmpty: Bool { text.isEmpty }

    /// Whether a reader of XML would leave the space at an end out.
    var hasOuterSpace: Bool {
        func isSpace(_ byte: UInt8?) -> Bool { byte.map { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A } ?? false }
        return isSpace(text.utf8.first) || isSpace(text.utf8.last)
    }

    func write(to bytes: inout [UInt8]) {
        guard hasMarkup else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            default: bytes.append(byte)
            }
        }
    }

    /// Whether nothing of it needs to be escaped.
    private static func look(
        at bytes: UnsafeBufferPointer<UInt8>, width: inout Int, hasMarkup: inout Bool
    ) -> Bool {
        var isPlain = true
        var line = 0
        for (place, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\n"):
                width = max(width, line)
                line = 0
            case 0x00..<0x09, 0x0B..<0x20: isPlain = false
            // Not the first byte of a character.
            case 0x80..<0xC0: break
            // Ideographs, kana, hangul, emoji.
            case 0xE3...0xED, 0xF0...0xF7: line += 2
            case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"):
                hasMarkup = true
                line += 1
            default: line += 1
            }
            if byte == UInt8(ascii: "_"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "x") {
                isPlain = false
            }
            // U+FFFE and U+FFFF, which no XML may have.
            if byte == 0xEF, bytes[place + 1] == 0xBF, bytes[place + 2] >= 0xBE { isPlain = false }
        }
        width = max(width, line)
        return isPlain
    }

    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            switch scalar.value {
            case 0x09, 0x0A: result.append(scalar)
            case 0x00..<0x20, 0xFFFE, 0xFFFF: result.append(contentsOf: code(scalar))
            case UnicodeScalar("_").value where looksEscaped(scalars[place...]): result.append(contentsOf: code(scalar))
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// `_x0041_`
    private static func code(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "_x\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)_".unicodeScalars
    }

    private static func looksEscaped(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        let code = scalars.prefix(7)
        return code.count == 7 && code.last == "_" && code.dropFirst().first == "x"
            && code.dropFirst(2).dropLast().allSatisfy { $0.properties.isASCIIHexDigit }
    }

    /// The longest beginning that fits once it is escaped, with `…` after it.
    private static func cut(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var length = 1
        for scalar in text.unicodeScalars {
            // An underscore counts as escaped, whether it will be or not.
            let units = scalar == "_" ? 7 : escaped(String(scalar)).utf16.count
            guard length + units <= limit else { break }
            result.append(scalar)
            length += units
        }
        return escaped(String(result)) + "…"
    }
}

extension String {
    /// Without what XML or a single line can't have: for names, headings and properties, which have no escapes.
    var onOnePlainLine: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x00..<0x20, 0x7F: result.append(" ")
            case 0xFFFE, 0xFFFF: result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
