/// Numbers by their text, which the parser has found to be right.
enum JSONNumber {
    /// A number as it is written: its digits without the zeros around them, and the power of ten that they are multiplied by.
    private struct Decimal {
        var isNegative = false
        /// Whether it has neither a point nor an exponent.
        var isWhole = true
        /// Of the first nineteen digits that count.
        var significand: UInt64 = 0
        /// How many digits count.
        var digits = 0
        var exponent = 0

        init(_ text: UnsafeBufferPointer<UInt8>) {
            var zeros = 0
            var hasPoint = false
            var at = 0
            while at < text.count {
                let byte = text[at]
                at &+= 1
                let digit = byte &- UInt8(ascii: "0")
                if digit < 10 {
                    if hasPoint { exponent &-= 1 }
                    // Zeros count when a digit follows them.
                    if digit == 0 {
                        if digits > 0 { zeros &+= 1 }
                        continue
                    }
                    while zeros > 0 {
                        take(0)
                        zeros &-= 1
                    }
                    take(UInt64(digit))
                } else if byte == UInt8(ascii: "-") {
                    isNegative = true
                } else if byte == UInt8(ascii: ".") {
                    hasPoint = true
                    isWhole = false
                } else {
                    isWhole = false
                    exponent &+= Self.power(text, from: at)
                    break
                }
            }
            exponent = digits == 0 ? 0 : exponent &+ zeros
        }

        private mutating func take(_ digit: UInt64) {
            if digits < 19 { significand = significand &* 10 &+ digit }
            digits &+= 1
        }

        /// What follows the e; it stops where no double can have it.
        private static func power(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
            let isNegative = text[start] == UInt8(ascii: "-")
            var value = 0
            for at in (isNegative || text[start] == UInt8(ascii: "+") ? start + 1 : start)..<text.count
            where value < 1 << 40 {
                value = value &* 10 &+ Int(text[at] &- UInt8(ascii: "0"))
            }
            return isNegative ? -value : value
        }

        var integer: Int64? {
            guard isWhole, digits + exponent <= 19 else { return nil }
            var value = significand
            for _ in 0..<exponent { value = value &* 10 }
            guard isNegative else { return Int64(exactly: value) }
            return value <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- value) : nil
        }

        /// nil where it takes more than one step, which would round twice.
        var double: Double? {
            guard digits <= 15, -22...22 ~= exponent else { return nil }
            let magnitude =
                exponent < 0
                ? Double(significand) / Self.powers[-exponent] : Double(significand) * Self.powers[exponent]
            return isNegative ? -magnitude : magnitude
        }

        /// Those that a double has exactly.
        private static let powers: [Double] = (0...22).map { power in
            (0..<power).reduce(1.0) { value, _ in value * 10 }
        }
    }

    /// nil where it isn't written as an integer, or is too great.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? { short(text) ?? Decimal(text).integer }

    /// Most of them: nil for what has other signs than digits, or more than eighteen.
    @inline(__always)
    private static func short(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in text {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// The nearest one; it may be infinite.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        Decimal(text).double ?? Double(String(decoding: text, as: UTF8.self))
    }

    static func shape(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONWalker.Shape {
        if let value = short(bytes) { return .integer(value) }
        let decimal = Decimal(bytes)
        if let value = decimal.integer {
            // A zero with a sign is none among integers.
            return value == 0 && decimal.isNegative ? .number(-0.0) : .integer(value)
        }
        let isLong = bytes.count > 64
        if !isLong, let value = decimal.double { return .number(value) }
        let text = String(decoding: bytes, as: UTF8.self)
        // No double is written with more than seventeen digits, nor so great or small.
        guard !isLong, decimal.digits <= 17, -330...310 ~= decimal.digits + decimal.exponent,
            let value = Double(text), value.isFinite, keeps(value, decimal)
        else { return .decimal(text) }
        return .number(value)
    }

    private static func keeps(_ value: Double, _ decimal: Decimal) -> Bool {
        // Fifteen digits come back from every ordinary double.
        if decimal.digits <= 15, abs(value) > 1e-290 { return true }
        var text = value.description
        let kept = text.withUTF8 { Decimal($0) }
        return kept.digits == decimal.digits && kept.significand == decimal.significand
    }
}
