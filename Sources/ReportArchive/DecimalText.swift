package import BSON

/// Decimals as they are written: `1234.50`, `1E+3`, `Infinity`, `NaN`.
package enum DecimalText {
    private static let limit: UInt128 = 10_000_000_000_000_000_000_000_000_000_000_000
    private static let infinity: UInt64 = 0x7800_0000_0000_0000
    private static let notANumber: UInt64 = 0x7C00_0000_0000_0000

    /// Nil where no text has just these bits: a payload of NaN, or a significand that isn't canonical.
    ///
    /// Source: IEEE 754-2008, decimal128 with a binary integer significand; MongoDB's specification of its text.
    package static func text(_ value: BSONDecimal128) -> String? {
        let sign = value.high >> 63 == 1 ? "-" : ""
        let magnitude = value.high & ~(1 << 63)
        if value.low == 0, magnitude == infinity { return "\(sign)Infinity" }
        if value.low == 0, value.high == notANumber { return "NaN" }
        // The other form of a significand, and what isn't a number.
        guard magnitude >> 61 != 0b11 else { return nil }
        let exponent = Int(magnitude >> 49) - 6176
        let significand = UInt128(magnitude & 0x1_FFFF_FFFF_FFFF) << 64 | UInt128(value.low)
        guard significand < limit else { return nil }
        return sign + text(significand, exponent)
    }

    private static func text(_ significand: UInt128, _ exponent: Int) -> String {
        let digits = String(significand)
        let adjusted = exponent + digits.utf8.count - 1
        guard exponent <= 0, adjusted >= -6 else {
            let rest = digits.dropFirst()
            return "\(digits.prefix(1))\(rest.isEmpty ? "" : ".\(rest)")E\(adjusted < 0 ? "" : "+")\(adjusted)"
        }
        guard exponent < 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.utf8.count)) + digits
        return "\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
    }

    /// The inverse; nil for what is no such text. It may take other texts of the same number.
    package static func value(_ text: String) -> BSONDecimal128? {
        if text == "NaN" { return BSONDecimal128(high: notANumber, low: 0) }
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let sign: UInt64 = isNegative ? 1 << 63 : 0
        let rest = isNegative ? text.dropFirst() : text[...]
        if rest == "Infinity" { return BSONDecimal128(high: sign | infinity, low: 0) }
        let parts = rest.split(separator: "E", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), var exponent = parts.count == 2 ? Int(parts[1]) : 0,
            exponent.magnitude < 10_000
        else { return nil }
        var significand: UInt128 = 0
        var isFraction = false
        for byte in parts[0].utf8 {
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            significand = significand * 10 + UInt128(byte - 0x30)
            guard significand < limit else { return nil }
            if isFraction { exponent -= 1 }
        }
        guard !parts[0].isEmpty, (-6176...6111).contains(exponent) else { return nil }
        let high = sign | UInt64(exponent + 6176) << 49 | UInt64(truncatingIfNeeded: significand >> 64)
        return BSONDecimal128(high: high, low: UInt64(truncatingIfNeeded: significand))
    }
}
