import Calendars
import KubernetesModel

/// How a number-format code writes a day or a moment.
struct DatePattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case literal(String)
        case year(short: Bool)
        case month(width: Int), day(width: Int)
        case hour(width: Int), minute(width: Int), second(width: Int)
        case milliseconds
        case halfDay
    }

    private let parts: [Part]
    /// Twelve hours, where the half of the day is written.
    private let hasHalfDay: Bool
    let hasTime: Bool
    let hasDay: Bool
    /// Whether it writes words, which depend on the language.
    let hasNames: Bool

    init(_ tokens: [FormatToken], in text: String) throws(FormatCode.Fault) {
        var parts: [Part] = []
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            switch token.kind {
            case .letters(let letter, let count):
                parts.append(try Self.part(letter, count, tokens, index, text))
            case .halfDay: parts.append(.halfDay)
            case .literal(let literal): parts.append(.literal(literal))
            case .point where Self.isMilliseconds(tokens, index):
                parts.append(.milliseconds)
                index += 3
            case .point, .comma: parts.append(.literal(token.text))
            case .zero where index > 0 && tokens[index - 1].kind == .point:
                throw FormatCode.misplaced(token, text, "the fraction of a second has three places, as in ss.000")
            case .zero, .hash, .percent:
                throw FormatCode.misplaced(token, text, "a code is of dates or of numbers, not of both")
            case .red: throw FormatCode.misplaced(token, text, "a date has no red")
            case .semicolon, .at, .unknown: break
            }
            index += 1
        }
        self.parts = parts
        hasHalfDay = parts.contains(.halfDay)
        hasTime = parts.contains { part in
            switch part {
            case .hour, .minute, .second, .milliseconds, .halfDay: true
            case .literal, .year, .month, .day: false
            }
        }
        hasDay = parts.contains { if case .day = $0 { true } else { false } }
        hasNames = parts.contains { part in
            switch part {
            case .month(let width), .day(let width): width > 2
            case .halfDay: true
            case .literal, .year, .hour, .minute, .second, .milliseconds: false
            }
        }
    }

    private static func part(
        _ letter: Character, _ count: Int, _ tokens: [FormatToken], _ index: Int, _ text: String
    ) throws(FormatCode.Fault) -> Part {
        let longest: Int
        switch letter {
        case "y": longest = 4
        case "d": longest = 4
        case "m": longest = 5
        default: longest = 2
        }
        guard count <= longest else {
            throw FormatCode.misplaced(tokens[index], text, "at most \(longest) of that letter mean something")
        }
        switch letter {
        case "y": return .year(short: count <= 2)
        case "d": return .day(width: count)
        case "h": return .hour(width: count)
        case "s": return .second(width: count)
        default: return count <= 2 && isMinutes(tokens, index) ? .minute(width: count) : .month(width: count)
        }
    }

    /// Minutes come after hours or before seconds, whatever text lies between.
    private static func isMinutes(_ tokens: [FormatToken], _ index: Int) -> Bool {
        func letter(_ token: FormatToken) -> Character? {
            if case .letters(let letter, _) = token.kind { letter } else { nil }
        }
        return tokens[..<index].lazy.compactMap(letter).last == "h"
            || tokens[(index + 1)...].lazy.compactMap(letter).first == "s"
    }

    private static func isMilliseconds(_ tokens: [FormatToken], _ index: Int) -> Bool {
        guard index > 0, case .letters("s", _) = tokens[index - 1].kind else { return false }
        return tokens[(index + 1)...].prefix { $0.kind == .zero }.count == 3
    }

    func text(_ moment: LocalTime, milliseconds: Int64 = 0, _ locale: ReportLocale) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .year(let isShort):
                let year = moment.date.year
                Self.write(isShort ? year - year.floored(by: 100) * 100 : year, isShort ? 2 : 4, to: &text)
            case .month(let width):
                let month = Int(moment.date.month)
                switch width {
                case 1, 2: Self.write(moment.date.month, width, to: &text)
                case 3: text += locale.shortMonths[month - 1]
                case 4: text += locale.months[month - 1]
                default: text += locale.months[month - 1].prefix(1)
                }
            case .day(let width):
                switch width {
                case 1, 2: Self.write(moment.date.day, width, to: &text)
                case 3: text += locale.shortWeekdays[Int(moment.date.weekday)]
                default: text += locale.weekdays[Int(moment.date.weekday)]
                }
            case .hour(let width):
                let hour = hasHalfDay ? (moment.hour + 11) % 12 + 1 : moment.hour
                Self.write(hour, width, to: &text)
            case .minute(let width): Self.write(moment.minute, width, to: &text)
            case .second(let width): Self.write(moment.second, width, to: &text)
            case .milliseconds:
                text += locale.decimalPoint
                Self.write(milliseconds, 3, to: &text)
            case .halfDay: text += moment.hour < 12 ? locale.morning : locale.afternoon
            }
        }
        return text
    }

    private static func write(_ number: Int64, _ width: Int, to text: inout String) {
        if width == 2, (0..<100).contains(number) {
            text.unicodeScalars.append(digit(number / 10))
            text.unicodeScalars.append(digit(number % 10))
        } else {
            text += number.padded(to: width)
        }
    }

    private static func digit(_ number: Int64) -> Unicode.Scalar {
        Unicode.Scalar(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
    }
}
