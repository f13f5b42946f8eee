package import KubernetesModel
package import ReportAPI

/// A parameter's value in its canonical text, checked against its type.
package struct ParameterValue: Hashable, Sendable {
    package let text: String

    /// Nil when `value` is not of `kind`. A number or a truth value may be given as text, since that is what form
    /// fields and command lines carry.
    package init?(_ value: JSONValue, kind: ParameterSpec.Kind) {
        guard let text = Self.text(value), Self.accepts(text, kind: kind) else { return nil }
        if kind == .string, value.string == nil { return nil }
        self.text = text
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .decimal(let text): text
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        case .null, .array, .object: nil
        }
    }

    private static func accepts(_ text: String, kind: ParameterSpec.Kind) -> Bool {
        switch kind {
        // An environment variable can't hold NUL.
        case .string: !text.utf8.contains(0)
        case .integer: TextForm.isInteger(text) && Int64(text) != nil
        // What is too great for a double has no JSON.
        case .number:
            TextForm.isNumber(text) && Double(text)?.isFinite == true
        case .boolean: text.isSame(as: "true") || text.isSame(as: "false")
        case .date: isDate(text)
        case .month: isDate(text + "-01")
        }
    }

    private static func isDate(_ text: String) -> Bool {
        guard let (year, month, day) = TextForm.date(text), (1...12).contains(month) else { return false }
        return (1...CalendarDate.days(in: Int64(month), of: Int64(year))).contains(Int64(day))
    }

    /// The value as JSON of its own type, for `REPORT_PARAMETERS`.
    package static func json(_ text: String, kind: ParameterSpec.Kind) -> JSONValue {
        switch kind {
        case .string, .date, .month: .string(text)
        case .integer: Int64(text).map(JSONValue.integer) ?? .string(text)
        // As it was given, with every digit.
        case .number: TextForm.isNumber(text) ? .decimal(text) : .string(text)
        case .boolean: .bool(text.isSame(as: "true"))
        }
    }
}

extension ParameterSpec.Kind {
    /// What a value must be, for a message.
    package var expectation: String {
        switch self {
        case .string: "a string (quote it in YAML)"
        case .integer: "an integer such as 42"
        case .number: "a number such as 12.5"
        case .boolean: "true or false"
        case .date: "a date such as \"2026-10-31\" (quote it in YAML)"
        case .month: "a month such as \"2026-10\" (quote it in YAML)"
        }
    }
}

extension JSONValue {
    static func shortened(_ text: String) -> String { text.head(bytes: 64) }

    /// Why it isn't a value of that type.
    func fault(as kind: ParameterSpec.Kind) -> String {
        if let text = string, let place = text.utf8.firstIndex(of: 0) {
            let offset = text.utf8.distance(from: text.utf8.startIndex, to: place)
            return "has a NUL byte (at byte \(offset)), which no environment variable can hold; take it out"
        }
        return "\(brief) is not \(kind.expectation)"
    }

    /// The value as a message shows it, cut where it is long.
    package var brief: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .decimal(let text): Self.shortened(text)
        case .string(let value): "\"\(Self.shortened(value))\""
        case .array: "a list"
        case .object: "an object"
        }
    }
}
