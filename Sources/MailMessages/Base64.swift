/// RFC 2045's base64.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Bytes of the source in a line of 76 columns.
    package static let lineBytes = 57

    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        append(bytes[...], to: &result)
        return String(decoding: result, as: UTF8.self)
    }

    /// In lines, each with its end; all but the last call for a body give a multiple of `lineBytes`.
    package static func appendLines(of bytes: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = min(start + lineBytes, bytes.endIndex)
            append(bytes[start..<end], to: &result)
            result.append(0x0D)
            result.append(0x0A)
            start = end
        }
    }

    /// The length of `count` bytes in lines.
    package static func lengthInLines(of count: Int) -> Int {
        let rest = count % lineBytes
        return count / lineBytes * 78 + (rest == 0 ? 0 : (rest + 2) / 3 * 4 + 2)
    }

    /// The bytes of a text in one line; nil where it isn't base64.
    package static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }

    private static func append(_ bytes: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let count = min(3, bytes.endIndex - index)
            let second = count > 1 ? bytes[index + 1] : 0
            let third = count > 2 ? bytes[index + 2] : 0
            let bits = Int(bytes[index]) << 16 | Int(second) << 8 | Int(third)
            result.append(alphabet[bits >> 18])
            result.append(alphabet[bits >> 12 & 63])
            result.append(count > 1 ? alphabet[bits >> 6 & 63] : UInt8(ascii: "="))
            result.append(count > 2 ? alphabet[bits & 63] : UInt8(ascii: "="))
            index += count
        }
    }
}
