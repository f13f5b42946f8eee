package import ReportRecords

/// The scale of a chart's values: from one round number to another, in steps of 1, 2 or 5 times a power of ten.
package struct ChartAxis: Hashable, Sendable {
    /// In units of the step.
    private let first: Int64
    private let last: Int64
    /// 1, 2 or 5.
    private let factor: Int64
    private let exponent: Int

    /// - Parameters:
    ///   - values: Finite numbers; none, or zeros alone, give a scale from 0 to 1.
    ///   - hasZero: Whether zero is on the scale in any case, as it must for bars.
    ///   - isWhole: Whether the values are whole numbers, and the ticks are to be as well.
    ///   - steps: How many steps there should be, about.
    package init(_ values: [Double], hasZero: Bool, isWhole: Bool = false, steps: Int = 5) {
        var low = values.min() ?? 0
        var high = values.max() ?? 0
        let size = max(abs(low), abs(high))
        // Where the values are close together a line would be flat on a scale from zero. Below the second limit the
        // steps could no longer be told apart.
        if hasZero || high - low > size * 0.3 || high - low < size * 1e-9 {
            low = min(low, 0)
            high = max(high, 0)
        }
        if size < 1e-290 { (low, high) = (0, 1) }
        // Halves, since the difference of the largest numbers is none.
        let raw = (high / 2 - low / 2) / Double(max(1, steps)) * 2
        var power = Self.magnitude(of: raw)
        var mantissa: Int64 = 10
        for candidate: Int64 in [1, 2, 5] where raw <= Double(candidate) * Self.tens(power) * 1.000001 {
            mantissa = candidate
            break
        }
        if mantissa == 10 { (mantissa, power) = (1, power + 1) }
        if isWhole, power < 0 { (mantissa, power) = (1, 0) }
        (factor, exponent) = (mantissa, power)
        let step = Double(mantissa) * Self.tens(power)
        // A value on a tick up to the last bits of a double is on the tick.
        first = Int64((low / step + 1e-6).rounded(.down))
        last = max(first + 1, Int64((high / step - 1e-6).rounded(.up)))
    }

    package var lowest: Double { Double(first) * step }
    package var highest: Double { Double(last) * step }
    private var step: Double { Double(factor) * Self.tens(exponent) }

    /// The round numbers, ascending, exactly.
    package var ticks: [ExactDecimal] {
        (first...last).map { count in
            let value = count * factor
            // 500 and not 5E+2; beyond, zeros would not fit.
            if (0...18).contains(exponent),
                let whole = ExactDecimal("\(value)\(String(repeating: "0", count: exponent))")
            {
                return whole
            }
            return ExactDecimal(
                isNegative: value < 0, significand: UInt128(value.magnitude), exponent: value == 0 ? 0 : exponent)
        }
    }

    /// From 0 at the lowest to 1 at the highest.
    package func place(of value: Double) -> Double {
        (value / 2 - lowest / 2) / (highest / 2 - lowest / 2)
    }

    package func place(of tick: ExactDecimal) -> Double { place(of: tick.double) }

    /// The power of ten that is not above the number, which is above zero.
    private static func magnitude(of number: Double) -> Int {
        var power = Int((Double(number.exponent) * 0.30103).rounded(.down))
        while tens(power + 1) <= number { power += 1 }
        while tens(power) > number { power -= 1 }
        return power
    }

    private static func tens(_ power: Int) -> Double { Double("1E\(power)") ?? .infinity }
}

extension ExactDecimal {
    /// The closest double.
    package var double: Double { Double(description) ?? 0 }
}

extension ResultValue {
    /// As a number to draw; nil for a null, for what isn't a number, and for what no drawing has room for.
    package var plotted: Double? {
        let number: Double? =
            switch self {
            case .integer(let integer): Double(integer)
            case .double(let double): double
            case .decimal(let decimal): decimal.double
            case .null, .bool, .string, .date, .other: nil
            }
        return number.flatMap { $0.isFinite && abs($0) <= 1e300 ? $0 : nil }
    }
}
