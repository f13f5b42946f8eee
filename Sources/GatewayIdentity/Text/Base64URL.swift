package import FoundationEssentials

/// Bytes in the alphabet of URLs, without padding (RFC 4648, 5).
package enum Base64URL {
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in Data(bytes).base64EncodedString().utf8 where byte != UInt8(ascii: "=") {
            switch byte {
            case UInt8(ascii: "+"): text.append("-")
            case UInt8(ascii: "/"): text.append("_")
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }

    /// Nil for other characters, padding, and bits that belong to no byte: one value has one text.
    package static func data(_ text: some StringProtocol) -> Data? {
        var plain = ""
        plain.reserveCapacity(text.utf8.count + 3)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): plain.append("+")
            case UInt8(ascii: "_"): plain.append("/")
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                plain.unicodeScalars.append(Unicode.Scalar(byte))
            default: return nil
            }
        }
        while plain.utf8.count % 4 != 0 { plain.append("=") }
        guard let data = Data(base64Encoded: plain), self.text(data) == text else { return nil }
        return data
    }
}
