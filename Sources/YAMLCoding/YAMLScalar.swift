import FoundationEssentials

/// What the text of a scalar means.
///
/// As sigs.k8s.io/yaml (which kubectl uses) reads it: YAML 1.1's booleans, octal with a leading 0, underscores in
/// numbers, no base 60, and dates as text.
enum YAMLScalar: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Only what is beyond `Int64`.
    case unsigned(UInt64)
    /// With the text, as it was.
    case number(Double, String)
    case string(String)

    /// Reads an unquoted scalar.
    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": self = .bool(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": self = .bool(false)
        case ".nan", ".NaN", ".NAN": self = .number(.nan, text)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number(.infinity, text)
        case "-.inf", "-.Inf", "-.INF": self = .number(-.infinity, text)
        default: self = Self.number(text) ?? .string(text)
        }
    }

    /// This scalar as the key of an object in JSON.
    var key: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .number(_, let text), .string(let text): text
        }
    }

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .unsigned, .number: "a number"
        case .string: "text"
        }
    }

    private static func number(_ text: String) -> YAMLScalar? {
        guard let first = text.utf8.first, first < UInt8(ascii: ":"), first >= UInt8(ascii: "+") else { return nil }
        let digits = text.contains("_") ? String(text.filter { $0 != "_" }) : text
        return integer(digits) ?? float(digits, text)
    }

    private static func integer(_ text: String) -> YAMLScalar? {
        var rest = text[...]
        var sign = ""
        if let first = rest.first, first == "-" || first == "+" {
            if first == "-" { sign = "-" }
            rest = rest.dropFirst()
        }
        var radix = 10
        if rest.count > 1, rest.first == "0" {
            switch rest.dropFirst().first {
            case "x", "X": (radix, rest) = (16, rest.dropFirst(2))
            case "o", "O": (radix, rest) = (8, rest.dropFirst(2))
            case "b", "B": (radix, rest) = (2, rest.dropFirst(2))
            default: (radix, rest) = (8, rest.dropFirst())
            }
        }
        // Swift would take a second sign.
        guard let first = rest.first, first != "+", first != "-" else { return nil }
        if let value = Int64(sign + rest, radix: radix) { return .integer(value) }
        if sign.isEmpty, let value = UInt64(rest, radix: radix) { return .unsigned(value) }
        return nil
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func float(_ digits: String, _ text: String) -> YAMLScalar? {
        var rest = Substring(digits).utf8[...]
        func skipDigits() -> Int {
            let found = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(found)
            return found
        }
        func skip(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = skip("+-")
        let whole = skipDigits()
        let fraction = skip(".") ? skipDigits() : 0
        guard whole + fraction > 0 else { return nil }
        if skip("eE") {
            _ = skip("+-")
            guard skipDigits() > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
        // Swift doesn't take a point at the end.
        let value = Double(digits) ?? Double(digits.replacing(".", with: ".0"))
        return value.map { .number($0, text) }
    }
}
