import Calendars
import KubernetesModel
import ReportRecords

/// Writes a column's values: what a `ValueFormat` and its copies share.
final class ValueWriter: Sendable {
    /// The layout's number-format code; nil where the kind and the locale decide.
    let code: FormatCode?
    let kind: TableColumn.Kind
    let locale: ReportLocale
    let zone: ZoneRules
    private let day: DatePattern?
    private let month: DatePattern?
    private let instant: DatePattern?

    init(code: FormatCode?, kind: TableColumn.Kind, locale: ReportLocale, zone: ZoneRules) {
        self.code = code
        self.kind = kind
        self.locale = locale
        self.zone = zone
        if case .date(let pattern) = code?.pattern {
            (day, month, instant) = (pattern, pattern, pattern)
        } else {
            day = Self.datePattern(locale.dayCode)
            month = Self.datePattern(locale.monthCode)
            instant = Self.datePattern(Self.instantCode(locale))
        }
    }

    static func instantCode(_ locale: ReportLocale) -> String { "\(locale.dayCode) hh:mm" }

    private static func datePattern(_ code: String) -> DatePattern? {
        if case .date(let pattern) = (try? FormatCode(code))?.pattern { pattern } else { nil }
    }

    func text(of value: ResultValue) -> ValueFormat.Text {
        switch value {
        case .null: .init("")
        case .bool(let value): .init(value ? locale.words.yes : locale.words.no)
        case .integer(let integer): number(ExactDecimal(integer), isDecimal: false)
        case .decimal(let decimal): number(decimal, isDecimal: true)
        case .double(let double):
            if let decimal = ExactDecimal(double: double) {
                number(decimal, isDecimal: false)
            } else {
                .init(double.words)
            }
        case .string(let text): .init(written(text) ?? text)
        case .other(let text): .init(text)
        case .date(let milliseconds): .init(moment(milliseconds) ?? value.description)
        }
    }

    private func number(_ decimal: ExactDecimal, isDecimal: Bool) -> ValueFormat.Text {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(48)
        guard case .number(let sections) = code?.pattern else {
            // Money has groups; what may be a year or an identifier has none.
            let isGrouped = isDecimal && kind != .string
            return .init(decimal.write(locale, isGrouped: isGrouped, to: &bytes) ? bytes.text : decimal.description)
        }
        let isNegative = decimal.isNegative && !decimal.isZero
        let section: Int
        if sections.count == 3, decimal.isZero {
            section = 2
        } else {
            section = isNegative && sections.count > 1 ? 1 : 0
        }
        let pattern = sections[section]
        let isWritten = pattern.write(decimal, locale, isSigned: isNegative && sections.count == 1, to: &bytes)
        return .init(isWritten ? bytes.text : decimal.description, isRed: pattern.isRed)
    }

    private func moment(_ milliseconds: Int64) -> String? {
        let seconds = milliseconds.floored(by: 1000)
        let isMidnight = milliseconds.isMultiple(of: 86_400_000)
        let pattern: DatePattern?
        let isDay: Bool
        switch kind {
        case .date: (pattern, isDay) = (day, true)
        case .month: (pattern, isDay) = (month, true)
        case .timestamp: (pattern, isDay) = (instant, false)
        // As stages write days.
        case .string, .integer, .decimal, .double, .boolean: (pattern, isDay) = (isMidnight ? day : instant, isMidnight)
        }
        let moment = Timestamp(seconds: seconds)
        let local = isDay ? LocalTime(moment, offset: 0) : zone.local(moment)
        return pattern?.text(local, milliseconds: milliseconds.remainder(by: 1000), locale)
    }

    /// A day, a month or a moment that was published as its text.
    private func written(_ text: String) -> String? {
        switch kind {
        case .date: Timestamp("\(text)T00:00:00Z").flatMap { day?.text(LocalTime($0, offset: 0), locale) }
        case .month: Timestamp("\(text)-01T00:00:00Z").flatMap { month?.text(LocalTime($0, offset: 0), locale) }
        case .timestamp: Timestamp(text).flatMap { instant?.text(zone.local($0), locale) }
        case .string, .integer, .decimal, .double, .boolean: nil
        }
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}

extension Double {
    fileprivate var words: String { isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
}

extension ExactDecimal {
    /// With the 15 digits that Excel shows of a double, so that 0.1 + 0.2 is 0.3; nil for NaN and the infinities.
    package init?(double: Double) {
        guard double.isFinite, var decimal = ExactDecimal("\(double)") else { return nil }
        if decimal.significand >= RoundedDecimal.powers[15] {
            // At most 17 digits.
            let surplus = decimal.significand >= RoundedDecimal.powers[16] ? 2 : 1
            let (quotient, rest) = decimal.significand.quotientAndRemainder(
                dividingBy: RoundedDecimal.powers[surplus])
            decimal.significand = quotient + (rest >= RoundedDecimal.powers[surplus] / 2 ? 1 : 0)
            decimal.exponent += surplus
        }
        while decimal.exponent < 0, decimal.significand.isMultiple(of: 10), !decimal.isZero {
            decimal.significand /= 10
            decimal.exponent += 1
        }
        if decimal.isZero { decimal = ExactDecimal(0) }
        self = decimal
    }

    /// As it is, with the places that it has. False where it is too long to be written out.
    fileprivate func write(_ locale: ReportLocale, isGrouped: Bool, to text: inout [UInt8]) -> Bool {
        guard exponent >= -40, let digits = RoundedDecimal(self, power: 0, places: max(0, -exponent)) else {
            return false
        }
        if isNegative, !isZero { text.append(UInt8(ascii: "-")) }
        if digits.integers == 0 { text.append(UInt8(ascii: "0")) }
        digits.write(above: -1, isGrouped: isGrouped, locale, to: &text)
        guard digits.fractions > 0 else { return true }
        text += locale.decimalPoint.utf8
        for place in 1...digits.fractions { text.append(UInt8(ascii: "0") + digits.digit(-place)) }
        return true
    }
}
