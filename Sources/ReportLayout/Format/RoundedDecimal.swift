import ReportRecords

/// A number's digits, rounded half away from zero to a number of places; its sign is left aside.
struct RoundedDecimal {
    /// The digits, the last first. No zero leads.
    private var digits = InlineArray<40, UInt8>(repeating: 0)
    private var count = 0
    /// What the last digit is: 0 for units, -2 for hundredths.
    private let lowest: Int

    /// More digits than that in front of the point are read by nobody.
    private static let maximumIntegers = 100

    /// `power`: of ten, that the number is multiplied by. nil where it is too long to be written out.
    init?(_ decimal: ExactDecimal, power: Int, places: Int) {
        let exponent = decimal.exponent + power
        let surplus = -exponent - places
        var rounded = decimal.significand
        if surplus > 38 {
            // Less than half of what the last place is: 10 to the 39th is over twice the greatest.
            rounded = 0
        } else if surplus > 0 {
            let (quotient, rest) = rounded.quotientAndRemainder(dividingBy: Self.powers[surplus])
            rounded = quotient + (rest >= Self.powers[surplus] / 2 ? 1 : 0)
        }
        lowest = surplus > 0 ? -places : exponent
        fill(rounded)
        if !isZero, integers > Self.maximumIntegers { return nil }
    }

    var isZero: Bool { count == 0 }

    /// How many digits there are in front of the point; 0 for 0.5.
    var integers: Int { isZero ? 0 : max(0, count + lowest) }

    /// How many there are behind it.
    var fractions: Int { max(0, -lowest) }

    /// The digit of that power of ten.
    func digit(_ place: Int) -> UInt8 {
        let index = place - lowest
        return index >= 0 && index < count ? digits[index] : 0
    }

    /// Writes the digits in front of the point that lie above a place.
    func write(above place: Int, isGrouped: Bool, _ locale: ReportLocale, to text: inout [UInt8]) {
        var current = integers - 1
        while current > place {
            text.append(UInt8(ascii: "0") + digit(current))
            if isGrouped, current > 0, current % 3 == 0 { text += locale.groupSeparator.utf8 }
            current -= 1
        }
    }

    private mutating func fill(_ number: UInt128) {
        // Digits of 64 bits at a time, which the processor divides itself.
        var rest = number
        while rest > UInt128(UInt64.max) {
            let (quotient, low) = rest.quotientAndRemainder(dividingBy: Self.powers[19])
            fill(UInt64(truncatingIfNeeded: low), atLeast: 19)
            rest = quotient
        }
        fill(UInt64(truncatingIfNeeded: rest), atLeast: 0)
    }

    private mutating func fill(_ number: UInt64, atLeast length: Int) {
        var (rest, written) = (number, 0)
        while rest > 0 || written < length {
            let quotient = rest / 10
            digits[count] = UInt8(truncatingIfNeeded: rest - quotient * 10)
            rest = quotient
            count += 1
            written += 1
        }
    }

    static let powers: [UInt128] = (0..<38).reduce(into: [1]) { powers, _ in
        powers.append(powers[powers.count - 1] * 10)
    }
}
