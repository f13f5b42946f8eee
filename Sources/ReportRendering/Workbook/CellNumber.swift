import Calendars
import KubernetesModel
import ReportLayout
import ReportRecords

/// Numbers and dates as a workbook's cells have them, which are doubles, of which Excel keeps 15 digits.
enum CellNumber {
    /// nil where it has more digits than 15, or is larger than Excel's largest number.
    static func number(_ decimal: ExactDecimal) -> Double? {
        if decimal.isZero { return 0 }
        var (digits, exponent) = (decimal.significand, decimal.exponent)
        while digits >= limit {
            let (quotient, rest) = digits.quotientAndRemainder(dividingBy: 10)
            guard rest == 0 else { return nil }
            digits = quotient
            exponent += 1
        }
        let magnitude: Double?
        if (-22...22).contains(exponent) {
            // Both are exact as doubles, so the result is the closest double.
            let tens = tens[abs(exponent)]
            magnitude = exponent < 0 ? Double(UInt64(digits)) / tens : Double(UInt64(digits)) * tens
        } else {
            magnitude = Double("\(digits)E\(exponent)")
        }
        guard let magnitude, bounds.contains(magnitude) else { return nil }
        return decimal.isNegative ? -magnitude : magnitude
    }

    static func number(_ integer: Int64) -> Double? {
        integer.magnitude < UInt64(limit) ? Double(integer) : number(ExactDecimal(integer))
    }

    /// nil where it isn't a number, or one that Excel has none for. Of its 17 digits a cell has 15.
    static func number(_ double: Double) -> Double? {
        if double == 0 { return 0 }
        return bounds.contains(double.magnitude) ? double : nil
    }

    /// Days since the last of 1899. nil before March 1900, where spreadsheets don't agree which day is which, and from
    /// the year 10000 on.
    static func day(milliseconds: Int64) -> Double? { days(Double(milliseconds.floored(by: 86_400_000))) }

    /// A moment as the clocks of the zone show it.
    static func moment(milliseconds: Int64, in zone: ZoneRules) -> Double? {
        let offset = zone.offset(at: Timestamp(seconds: milliseconds.floored(by: 1000)))
        guard milliseconds.magnitude < 1 << 53 else { return nil }
        return days(Double(milliseconds + offset * 1000) / 86_400_000)
    }

    /// A day, month or moment that was published as text: `2026-10-31`, `2026-10`, `2026-10-31T12:00:00Z`.
    static func date(_ text: String, as kind: TableColumn.Kind, in zone: ZoneRules) -> Double? {
        switch kind {
        case .date where text.utf8.count == 10:
            Timestamp("\(text)T00:00:00Z").flatMap { day(milliseconds: $0.seconds * 1000) }
        case .month where text.utf8.count == 7: date("\(text)-01", as: .date, in: zone)
        case .month where text.utf8.count == 10: date(text, as: .date, in: zone)
        case .timestamp where !text.utf8.contains(UInt8(ascii: ".")):
            Timestamp(text).flatMap { moment(milliseconds: $0.seconds * 1000, in: zone) }
        case .string, .integer, .decimal, .double, .boolean, .date, .month, .timestamp: nil
        }
    }

    private static func days(_ sinceEpoch: Double) -> Double? {
        let days = sinceEpoch + 25_569
        return (61..<2_958_466).contains(days) ? days : nil
    }

    private static let limit: UInt128 = 1_000_000_000_000_000
    private static let bounds = 2.2250738585072014e-308...9.99999999999999e307
    private static let tens: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
