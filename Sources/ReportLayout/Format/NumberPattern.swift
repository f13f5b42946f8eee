import ReportRecords

/// How a section of a number-format code writes a number.
struct NumberPattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case literal([UInt8])
        /// The digit of that place, counted from the units or, below the point, from the tenths; where the number has none
        /// it is left out or a zero.
        case integer(Int, isZero: Bool)
        case point
        case fraction(Int)
    }

    let isRed: Bool
    private let parts: [Part]
    private let isGrouped: Bool
    /// What the number is multiplied by before it is written, as a power of ten: percent signs, commas at the end.
    private let power: Int
    /// How many places the digits in front of the point have, and those behind it.
    private let integers: Int
    private let fractions: Int
    /// Those below the point that are written though they are zeros.
    private let zeroFractions: Int

    init(_ tokens: [FormatToken], in text: String) throws(FormatCode.Fault) {
        isRed = tokens.contains { $0.kind == .red }
        let point = tokens.firstIndex { $0.kind == .point } ?? tokens.endIndex
        func isDigit(_ token: FormatToken) -> Bool { token.kind == .zero || token.kind == .hash }
        if point < tokens.endIndex, let second = tokens[(point + 1)...].first(where: { $0.kind == .point }) {
            throw FormatCode.misplaced(second, text, "a number has one point; put quotes around others")
        }

        // A digit to the right of a zero is written in any case; below the point, one to the left of it.
        let places = tokens[..<point].filter(isDigit)
        let fractionPlaces = tokens[point...].filter(isDigit)
        integers = places.count
        fractions = fractionPlaces.count
        zeroFractions = (fractionPlaces.lastIndex { $0.kind == .zero } ?? -1) + 1
        let firstZero = places.firstIndex { $0.kind == .zero } ?? places.count
        guard integers <= Self.maximumPlaces, fractions <= Self.maximumPlaces else {
            throw FormatCode.Fault(
                description: "\"\(text.head)\" has over \(Self.maximumPlaces) digits on one side of the point, which "
                    + "Excel doesn't take")
        }

        var parts: [Part] = []
        var (power, isGrouped, integer, fraction) = (0, false, 0, 0)
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .zero, .hash:
                if index < point {
                    parts.append(.integer(integers - 1 - integer, isZero: integer >= firstZero))
                    integer += 1
                } else {
                    parts.append(.fraction(fraction))
                    fraction += 1
                }
            case .point: parts.append(.point)
            case .comma:
                let before = tokens[..<index].last { $0.kind != .comma }
                let isAfterDigit = before.map { isDigit($0) || ($0.kind == .point && integer > 0) } ?? false
                guard isAfterDigit else {
                    throw FormatCode.misplaced(
                        token, text, "a comma stands between digits (groups) or after the last (thousands)")
                }
                let isLast = !tokens[index...].contains(where: isDigit)
                if isLast || (index < point && !tokens[index..<point].contains(where: isDigit)) {
                    power -= 3
                } else if index < point {
                    isGrouped = true
                } else {
                    throw FormatCode.misplaced(token, text, "digits behind the point have no groups")
                }
            case .percent:
                parts.append(.literal(Array("%".utf8)))
                power += 2
            case .literal(let text): parts.append(.literal(Array(text.utf8)))
            case .red, .semicolon, .at, .letters, .halfDay, .unknown: break
            }
        }
        self.parts = parts
        self.power = power
        self.isGrouped = isGrouped
    }

    /// The most that Excel takes.
    private static let maximumPlaces = 30

    /// Writes the number without its sign. False where it has more digits than anybody reads.
    func write(_ decimal: ExactDecimal, _ locale: ReportLocale, isSigned: Bool, to text: inout [UInt8]) -> Bool {
        guard let digits = RoundedDecimal(decimal, power: power, places: fractions) else { return false }
        // No minus before what is shown as zero.
        if isSigned, !digits.isZero || integers + fractions == 0 { text.append(UInt8(ascii: "-")) }
        var shown = fractions
        while shown > zeroFractions, digits.digit(-shown) == 0 { shown -= 1 }
        var isFirst = true
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .integer(let place, let isZero):
                // The first has all the digits that are left of it, too.
                if isFirst { digits.write(above: place, isGrouped: isGrouped, locale, to: &text) }
                isFirst = false
                guard isZero || place < digits.integers else { continue }
                text.append(UInt8(ascii: "0") + digits.digit(place))
                if isGrouped, place > 0, place % 3 == 0 { text += locale.groupSeparator.utf8 }
            case .point:
                if integers == 0 { digits.write(above: -1, isGrouped: false, locale, to: &text) }
                text += locale.decimalPoint.utf8
            case .fraction(let place):
                if place < shown { text.append(UInt8(ascii: "0") + digits.digit(-1 - place)) }
            }
        }
        return true
    }
}
