/// How a browser is told to keep an answer as a file (RFC 6266, RFC 8187).
enum FileDisposition {
    /// No name of anybody's leads out of a folder, ends the header or begins another.
    static func header(name: String) -> String {
        let safe = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    switch scalar {
                    case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": "-"
                    case _ where scalar.value < 0x20 || scalar.value == 0x7F: "-"
                    case _ where scalar.properties.isBidiControl: "-"
                    default: scalar
                    }
                }))
        let trimmed = String(safe.drop { $0 == "." || $0 == " " })
        let whole = trimmed.isEmpty ? "report" : trimmed
        let ascii = String(
            String.UnicodeScalarView(whole.unicodeScalars.map { $0.isASCII ? $0 : "_" }))
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded(whole))"
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
