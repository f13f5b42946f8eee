import FoundationEssentials
import KubernetesModel
import ReportStores

/// The cells of a result as text: the numbers exactly as they were published.
enum ResultText {
    static func plain(_ value: ResultValue) -> String {
        switch value {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        case .decimal(let text): decimal(text)
        case .string(let text), .other(let text): text
        case .date(let date): moment(date)
        }
    }

    /// Without an exponent, which not every reader takes: `1E+3` is `1000`.
    static func decimal(_ text: String) -> String {
        let parts = text.split(separator: "E", maxSplits: 1)
        guard parts.count == 2, let exponent = Int(parts[1].hasPrefix("+") ? parts[1].dropFirst() : parts[1]),
            abs(exponent) <= 40
        else { return text }
        let isNegative = parts[0].hasPrefix("-")
        let mantissa = (isNegative ? parts[0].dropFirst() : parts[0]).split(
            separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        var digits = Array(mantissa[0] + fraction)
        // Where the point is, counted from the first digit.
        var point = mantissa[0].count + exponent
        if point <= 0 {
            digits = Array(repeating: "0", count: 1 - point) + digits
            point = 1
        }
        if point > digits.count { digits += Array(repeating: "0", count: point - digits.count) }
        var whole = digits[..<point]
        while whole.count > 1, whole.first == "0" { whole.removeFirst() }
        let rest = digits[point...]
        return (isNegative ? "-" : "") + String(whole) + (rest.isEmpty ? "" : "." + String(rest))
    }

    /// A day where it is midnight in UTC, as stages write days; else the moment.
    static func moment(_ date: Date) -> String {
        let stamp = Timestamp(date)
        let text = stamp.description
        let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down)) - Int(stamp.seconds) * 1000
        if milliseconds != 0 {
            let padded = String(1000 + milliseconds).dropFirst()
            return "\(text.dropLast()).\(padded)Z"
        }
        return stamp.seconds % 86400 == 0 ? String(text.prefix(10)) : text
    }

    /// A line of CSV (RFC 4180), without its end.
    static func csv(_ cells: [String]) -> String {
        cells.map { cell in
            let isPlain =
                cell.utf8.allSatisfy { ![44, 34, 10, 13].contains($0) } && cell.first != " " && cell.last != " "
            return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }

    /// A decimal is a string, since a reader's floating point would change it.
    static func json(_ value: ResultValue) -> JSONValue {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .double(let value): .number(value)
        case .decimal, .string, .date, .other: .string(plain(value))
        }
    }

    static func json(_ row: [ResultValue], columns: [ReportResult.Column]) -> JSONValue {
        .object(Dictionary(zip(columns.map(\.name), row.map(json))) { first, _ in first })
    }

    static func isNumber(_ column: ReportResult.Column) -> Bool {
        ["decimal", "integer", "number", "double", "int", "long"].contains(column.type ?? "")
    }
}
