/// Finds an e-mail address in bytes: in small and capital letters alike, and not as a part of a longer one.
package struct AddressSearch: Sendable {
    /// With ASCII's letters small. More than one only of an address that isn't ASCII.
    private let patterns: [[UInt8]]

    package init(_ address: String) {
        let spellings = [address.lowercased(), address, address.uppercased()].map { Array($0.utf8).map(Self.folded) }
        var patterns: [[UInt8]] = []
        for spelling in spellings where !spelling.isEmpty && !patterns.contains(spelling) { patterns.append(spelling) }
        self.patterns = patterns
    }

    package func isIn(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { first(in: $0, from: 0) != nil }
    }

    /// The text with `other` in each place of the address; nil where it is in none.
    package func replaced(in text: String, by other: String) -> String? {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var start = 0
        while let range = bytes.withUnsafeBufferPointer({ first(in: $0, from: start) }) {
            result += bytes[start..<range.lowerBound]
            result += Array(other.utf8)
            start = range.upperBound
        }
        return start == 0 ? nil : String(decoding: result + bytes[start...], as: UTF8.self)
    }

    private func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        patterns.compactMap { pattern in Self.first(pattern, in: bytes, from: start) }
            .min { $0.lowerBound < $1.lowerBound }
    }

    private static func first(
        _ pattern: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Range<Int>? {
        guard bytes.count >= pattern.count else { return nil }
        return pattern.withUnsafeBufferPointer { pattern in
            var position = start
            let last = bytes.count - pattern.count
            while position <= last {
                var index = 0
                while index < pattern.count, folded(bytes[position + index]) == pattern[index] { index += 1 }
                let range = position..<position + pattern.count
                if index == pattern.count, isWhole(range, in: bytes) { return range }
                position += 1
            }
            return nil
        }
    }

    /// Whether the address ends where the pattern does, on both sides. A slash may be before it: ids of the ledger have one.
    private static func isWhole(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if range.lowerBound > 0 {
            let before = bytes[range.lowerBound - 1]
            if isWordByte(before) || [0x2E, 0x2B, 0x25, 0x5F].contains(before) { return false }
        }
        guard range.upperBound < bytes.count else { return true }
        let after = bytes[range.upperBound]
        // A full stop may end a sentence.
        if after == 0x2E { return range.upperBound + 1 >= bytes.count || !isWordByte(bytes[range.upperBound + 1]) }
        return !isWordByte(after)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), 0x80...: true
        default: false
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
