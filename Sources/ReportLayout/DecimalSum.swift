package import ReportRecords

/// Adds up numbers without losing a digit.
package struct DecimalSum: Hashable, Sendable {
    private var sum = ExactDecimal(0)
    /// Whether something was added that has no exact sum.
    private var isInexact = false

    package init() {}

    package mutating func add(_ value: ResultValue) {
        switch value {
        case .integer(let integer): add(ExactDecimal(integer))
        case .decimal(let decimal): add(decimal)
        case .double(let double):
            if let decimal = ExactDecimal("\(double)") { add(decimal) } else { isInexact = true }
        case .null: break
        case .bool, .string, .date, .other: isInexact = true
        }
    }

    private mutating func add(_ decimal: ExactDecimal) {
        guard let result = sum.adding(decimal) else {
            isInexact = true
            return
        }
        sum = result
    }

    /// The sum, with as many places as the summand that had most; nil where there is none that is exact.
    package var value: ResultValue? { isInexact ? nil : .decimal(sum) }
}

extension ExactDecimal {
    /// nil where the sum has more than 38 digits.
    package func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let places = min(exponent, other.exponent)
        guard let left = scaled(to: places), let right = other.scaled(to: places) else { return nil }
        if isNegative == other.isNegative {
            let (sum, isOver) = left.addingReportingOverflow(right)
            return isOver ? nil : ExactDecimal(isNegative: isNegative, significand: sum, exponent: places)
        }
        return left >= right
            ? ExactDecimal(isNegative: isNegative && left != right, significand: left - right, exponent: places)
            : ExactDecimal(isNegative: other.isNegative, significand: right - left, exponent: places)
    }

    /// The digits with that exponent, which is not above our own; nil where they don't fit.
    private func scaled(to exponent: Int) -> UInt128? {
        if significand == 0 { return 0 }
        var digits = significand
        guard self.exponent - exponent <= 38 else { return nil }
        for _ in exponent..<self.exponent {
            let (tens, isOver) = digits.multipliedReportingOverflow(by: 10)
            guard !isOver else { return nil }
            digits = tens
        }
        return digits
    }
}
