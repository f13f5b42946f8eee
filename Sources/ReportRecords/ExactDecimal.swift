/// A decimal number of up to 38 digits, exactly as it was written: `1.10` stays `1.10`.
///
/// What a MongoDB `Decimal128` can be, but for NaN and the infinities, which are texts (`ResultValue.string`).
public struct ExactDecimal: Hashable, Sendable {
    public var isNegative: Bool
    /// All digits as one integer.
    public var significand: UInt128
    /// The power of ten that it is multiplied by: -2 for cents.
    public var exponent: Int

    public init(isNegative: Bool = false, significand: UInt128, exponent: Int = 0) {
        self.isNegative = isNegative
        self.significand = significand
        self.exponent = exponent
    }

    public init(_ integer: Int64) {
        self.init(isNegative: integer < 0, significand: UInt128(integer.magnitude))
    }

    /// Reads such as `-1234.50` or `1E+3`; nil for all that isn't a number, or has more than 38 digits.
    public init?(_ text: some StringProtocol) {
        var rest = Substring(text).utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var significand: UInt128 = 0
        var exponent = 0
        var (digits, hasPoint) = (0, false)
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                let (tens, isTooLarge) = significand.multipliedReportingOverflow(by: 10)
                let (sum, isOver) = tens.addingReportingOverflow(UInt128(byte - UInt8(ascii: "0")))
                guard !isTooLarge, !isOver else { return nil }
                significand = sum
                digits += 1
                if hasPoint { exponent -= 1 }
            } else {
                break
            }
            rest.removeFirst()
        }
        guard digits > 0 else { return nil }
        if !rest.isEmpty {
            guard rest.first == UInt8(ascii: "E") || rest.first == UInt8(ascii: "e"),
                let power = Int(Substring(rest.dropFirst())), power.magnitude < 1_000_000
            else { return nil }
            exponent += power
        }
        self.init(isNegative: isNegative, significand: significand, exponent: exponent)
    }

    public var isZero: Bool { significand == 0 }
}

extension ExactDecimal: CustomStringConvertible {
    /// Without an exponent, which not every reader takes: `1E+3` is `1000`. Beyond 40 places, where zeros would hide
    /// the digits, with one.
    public var description: String {
        let digits = String(significand)
        let sign = isNegative ? "-" : ""
        guard abs(exponent) <= 40 else { return "\(sign)\(digits)E\(exponent > 0 ? "+" : "")\(exponent)" }
        if exponent >= 0 { return sign + (isZero ? "0" : digits + String(repeating: "0", count: exponent)) }
        let places = -exponent
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
