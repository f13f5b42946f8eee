/// Texts in JSON's quotes. Whatever could end a line, steer a terminal or turn the direction of reading is escaped, so that
/// no name can forge a sentence.
enum QuotedText {
    private static let quote = UInt8(ascii: "\"")

    /// `text`: valid UTF-8.
    static func append(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        output.append(quote)
        var position = text.startIndex
        while position < text.endIndex {
            let byte = text[position]
            if byte < 0x80 {
                appendASCII(byte, to: &output)
                position += 1
                continue
            }
            let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            let end = min(position + length, text.endIndex)
            if let scalar = hidden(text[position..<end]) {
                appendEscape(scalar, to: &output)
            } else {
                output.append(contentsOf: text[position..<end])
            }
            position = end
        }
        output.append(quote)
    }

    static func append(_ text: String, to output: inout [UInt8]) { append(Array(text.utf8)[...], to: &output) }

    /// For messages.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendASCII(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case quote, UInt8(ascii: "\\"):
            output.append(UInt8(ascii: "\\"))
            output.append(byte)
        case 0x0A: output.append(contentsOf: #"\n"#.utf8)
        case 0x0D: output.append(contentsOf: #"\r"#.utf8)
        case 0x09: output.append(contentsOf: #"\t"#.utf8)
        case 0..<0x20, 0x7F: appendEscape(UInt16(byte), to: &output)
        default: output.append(byte)
        }
    }

    /// The scalar of these bytes if it is a control beyond ASCII, a line separator, a mark of direction or one of no width.
    private static func hidden(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        let scalar =
            switch bytes.count {
            case 2: UInt16(bytes[bytes.startIndex] & 0x1F) << 6 | UInt16(bytes[bytes.startIndex + 1] & 0x3F)
            case 3:
                UInt16(bytes[bytes.startIndex] & 0x0F) << 12 | UInt16(bytes[bytes.startIndex + 1] & 0x3F) << 6
                    | UInt16(bytes[bytes.startIndex + 2] & 0x3F)
            default: 0 as UInt16
            }
        return switch scalar {
        case 0x80...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: scalar
        default: nil
        }
    }

    private static func appendEscape(_ scalar: UInt16, to output: inout [UInt8]) {
        output.append(contentsOf: "\\u".utf8)
        for shift: UInt16 in [12, 8, 4, 0] { output.append(Hexadecimal.digit(UInt8(scalar >> shift & 0xF))) }
    }
}

/// Bytes as pairs of digits.
enum Hexadecimal {
    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            output.append(digit(byte >> 4))
            output.append(digit(byte & 0xF))
        }
    }
}
