/// Text put into HTML, where none of it is markup.
enum HTMLText {
    /// Of an element: line breaks are `<br>`.
    static func append(_ text: String, to bytes: inout [UInt8]) { append(text, lineBreak: "<br>", to: &bytes) }

    /// Of an attribute between double quotes, or of a title: line breaks are spaces.
    static func onOneLine(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, lineBreak: " ", to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it may have letters of a script that is written from right to left.
    static func mayRunRightToLeft(_ text: String) -> Bool {
        text.utf8.contains { (0xD6...0xE0).contains($0) || (0xEF...0xF0).contains($0) }
    }

    private static func append(_ text: String, lineBreak: StaticString, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            var place = 0
            while place < utf8.count {
                let byte = utf8[place]
                let next = place + 1 < utf8.count ? utf8[place + 1] : 0
                switch byte {
                case UInt8(ascii: "&"): bytes += "&amp;".utf8
                case UInt8(ascii: "<"): bytes += "&lt;".utf8
                case UInt8(ascii: ">"): bytes += "&gt;".utf8
                case UInt8(ascii: "\""): bytes += "&quot;".utf8
                case UInt8(ascii: "'"): bytes += "&#39;".utf8
                case UInt8(ascii: "\r") where next == UInt8(ascii: "\n"): break
                case UInt8(ascii: "\r"), UInt8(ascii: "\n"): lineBreak.withUTF8Buffer { bytes += $0 }
                case UInt8(ascii: "\t"): bytes.append(byte)
                case 0..<0x20, 0x7F: bytes += replacement
                // The control characters beyond ASCII.
                case 0xC2 where next < 0xA0:
                    bytes += replacement
                    place += 1
                // U+FFFE and U+FFFF, which aren't characters.
                case 0xEF where next == 0xBF && place + 2 < utf8.count && utf8[place + 2] >= 0xBE:
                    bytes += replacement
                    place += 2
                default: bytes.append(byte)
                }
                place += 1
            }
        }
    }

    /// U+FFFD: HTML has no place for control characters.
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
}
