/// RFC 3986, where nothing but letters, digits and `-._~` is itself: right in a path, a query and a form.
package enum PercentEncoding {
    package static func component(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: encoded.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Segments with a slash between them.
    package static func path(_ segments: [String]) -> String { segments.map(component).joined(separator: "/") }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
