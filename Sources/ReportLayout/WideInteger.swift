/// An integer of 384 bits, which hold 115 digits.
struct WideInteger: Hashable, Sendable {
    private(set) var isNegative: Bool
    /// The lowest first.
    private var limbs: [UInt64]

    private static let size = 6

    init(isNegative: Bool, magnitude: UInt128) {
        self.isNegative = isNegative
        limbs = Array(repeating: 0, count: Self.size)
        limbs[0] = UInt64(truncatingIfNeeded: magnitude)
        limbs[1] = UInt64(truncatingIfNeeded: magnitude >> 64)
    }

    /// Without the sign; nil where 128 bits don't hold it.
    var magnitude: UInt128? {
        limbs.dropFirst(2).contains { $0 != 0 } ? nil : UInt128(limbs[1]) << 64 | UInt128(limbs[0])
    }

    private var isZero: Bool { limbs.allSatisfy { $0 == 0 } }

    /// Multiplies by that power of ten. False where it doesn't fit.
    mutating func scale(by power: Int) -> Bool {
        guard power > 0, !isZero else { return true }
        guard power < Self.size * 20 else { return false }
        var rest = power
        while rest > 0 {
            let step = min(rest, 19)
            guard multiply(by: UInt64(truncatingIfNeeded: RoundedDecimal.powers[step])) else { return false }
            rest -= step
        }
        return true
    }

    private mutating func multiply(by factor: UInt64) -> Bool {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let (high, low) = limbs[index].multipliedFullWidth(by: factor)
            let (sum, isOver) = low.addingReportingOverflow(carry)
            limbs[index] = sum
            carry = high + (isOver ? 1 : 0)
        }
        return carry == 0
    }

    /// False where the sum doesn't fit.
    mutating func add(_ other: WideInteger) -> Bool {
        if isNegative == other.isNegative { return addMagnitude(other.limbs) }
        if isBelow(other.limbs) {
            let own = limbs
            self = other
            subtractMagnitude(own)
        } else {
            subtractMagnitude(other.limbs)
        }
        return true
    }

    private mutating func addMagnitude(_ other: [UInt64]) -> Bool {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let (first, isOver) = limbs[index].addingReportingOverflow(other[index])
            let (second, isOverAgain) = first.addingReportingOverflow(carry)
            limbs[index] = second
            carry = isOver || isOverAgain ? 1 : 0
        }
        return carry == 0
    }

    /// Of one that isn't larger.
    private mutating func subtractMagnitude(_ other: [UInt64]) {
        var borrow: UInt64 = 0
        for index in limbs.indices {
            let (first, isUnder) = limbs[index].subtractingReportingOverflow(other[index])
            let (second, isUnderAgain) = first.subtractingReportingOverflow(borrow)
            limbs[index] = second
            borrow = isUnder || isUnderAgain ? 1 : 0
        }
    }

    private func isBelow(_ other: [UInt64]) -> Bool { limbs.reversed().lexicographicallyPrecedes(other.reversed()) }

    /// In decimal, with a point where `exponent` says. It is 0 or below.
    func text(exponent: Int) -> String {
        var rest = limbs
        var digits: [UInt8] = []
        while rest.contains(where: { $0 != 0 }) {
            var remainder: UInt64 = 0
            for index in rest.indices.reversed() {
                (rest[index], remainder) = UInt64(10).dividingFullWidth((remainder, rest[index]))
            }
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder))
        }
        while digits.count <= -exponent { digits.append(UInt8(ascii: "0")) }
        if exponent < 0 { digits.insert(UInt8(ascii: "."), at: -exponent) }
        return (isNegative ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
    }
}
