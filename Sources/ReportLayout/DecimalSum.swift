package import ReportRecords

/// Adds up numbers without losing a digit: exactly within 115 digits, whatever lies between the largest and the
/// smallest, and not at all beyond.
package struct DecimalSum: Hashable, Sendable {
    /// Of 10 to the power of `exponent`, while it fits; then `wide` has all of it.
    private var sum: Int128 = 0
    private var wide: WideInteger?
    private var exponent = 0
    /// Whether something was added that has no exact sum.
    private var isInexact = false

    package init() {}

    package mutating func add(_ value: ResultValue) {
        switch value {
        case .integer(let integer): add(ExactDecimal(integer))
        case .decimal(let decimal): add(decimal)
        case .double(let double):
            if let decimal = ExactDecimal(double: double) { add(decimal) } else { isInexact = true }
        case .null: break
        case .bool, .string, .date, .other: isInexact = true
        }
    }

    private mutating func add(_ decimal: ExactDecimal) {
        // A zero counts for the places that it has, unless they are nobody's.
        if decimal.isZero, decimal.exponent < -38 { return }
        if wide == nil, addSmall(decimal) { return }
        if !addWide(decimal) { isInexact = true }
    }

    /// False, and nothing is changed, where 127 bits don't hold it.
    private mutating func addSmall(_ decimal: ExactDecimal) -> Bool {
        let places = min(exponent, decimal.exponent)
        guard let scaled = Self.scaled(sum, by: exponent - places),
            let digits = Int128(exactly: decimal.significand),
            let summand = Self.scaled(decimal.isNegative ? -digits : digits, by: decimal.exponent - places)
        else { return false }
        let (result, isOver) = scaled.addingReportingOverflow(summand)
        guard !isOver else { return false }
        (sum, exponent) = (result, places)
        return true
    }

    private static func scaled(_ number: Int128, by power: Int) -> Int128? {
        if power == 0 || number == 0 { return number }
        guard power <= 38 else { return nil }
        let (result, isOver) = number.multipliedReportingOverflow(by: Int128(RoundedDecimal.powers[power]))
        return isOver ? nil : result
    }

    private mutating func addWide(_ decimal: ExactDecimal) -> Bool {
        if decimal.isZero { return true }
        let places = min(exponent, decimal.exponent)
        var result = wide ?? WideInteger(isNegative: sum < 0, magnitude: sum.magnitude)
        var summand = WideInteger(isNegative: decimal.isNegative, magnitude: decimal.significand)
        guard result.scale(by: exponent - places), summand.scale(by: decimal.exponent - places), result.add(summand)
        else { return false }
        (wide, exponent) = (result, places)
        return true
    }

    /// The sum, with as many places as the summand that had most; a text where it has more than 38 digits. nil where
    /// there is none that is exact.
    package var value: ResultValue? {
        if isInexact { return nil }
        guard let wide else {
            return .decimal(ExactDecimal(isNegative: sum < 0, significand: sum.magnitude, exponent: exponent))
        }
        guard let magnitude = wide.magnitude else { return .string(wide.text(exponent: exponent)) }
        return .decimal(ExactDecimal(isNegative: wide.isNegative, significand: magnitude, exponent: exponent))
    }
}
