import KubernetesModel

/// Finds values that aren't of the types of the columns that they were published in: of stages that don't check their rows as
/// the library of stages does.
///
/// For example:
///
///     var check = ColumnCheck(result.columns)
///     for row in rows { check.take(row) }
///     check.sentence   // "1 value isn't of its column's type: line 3, column closing (decimal): 10.5 is a float"
public struct ColumnCheck: Sendable {
    private let columns: [ReportResult.Column]
    private let kinds: [Kind?]
    private var lines: Int
    private var first: String?
    /// How many values and lines don't fit.
    public private(set) var count = 0

    /// What the types of columns are; a column without a type takes everything.
    private enum Kind: String, CaseIterable {
        case string, integer, decimal, double, number, boolean, date, month, timestamp
    }

    /// `line`: how many lines there are before the first that is taken.
    public init(_ columns: [ReportResult.Column], after line: Int = 0) {
        self.columns = columns
        lines = line
        kinds = columns.map { $0.type.flatMap(Kind.init(rawValue:)) }
        for (column, kind) in zip(columns, kinds) where kind == nil {
            guard let type = column.type else { continue }
            let known = "string, integer, decimal, date, month, timestamp, boolean"
            count += 1
            first = first ?? "column \(Self.brief(column.name)): \(Self.brief(type)) is not a type; types are \(known)"
        }
    }

    public mutating func take(_ row: [ResultValue]) {
        lines += 1
        if row.count != columns.count {
            count += 1
            first = first ?? "line \(lines): has \(row.count) of \(columns.count) fields"
        }
        for (index, kind) in kinds.enumerated() {
            guard let kind, index < row.count, let fault = Self.fault(of: row[index], in: kind) else { continue }
            count += 1
            first =
                first
                ?? "line \(lines), column \(Self.brief(columns[index].name)) (\(kind.rawValue)): "
                + "\(Self.brief(row[index].description)) \(fault)"
        }
    }

    /// For people; nil where all fits.
    public var sentence: String? {
        guard let first else { return nil }
        return count == 1
            ? "1 value isn't of its column's type: \(first)"
            : "\(count) values aren't of their columns' types; the first: \(first)"
    }

    private static func brief(_ text: String) -> String {
        let limit = 40
        guard text.utf8.count > limit else { return text }
        return "\(text.prefix(limit - 1))…"
    }

    private static let day: Int64 = 86_400_000

    /// Nil where it fits.
    private static func fault(of value: ResultValue, in kind: Kind) -> String? {
        switch (kind, value) {
        case (_, .null), (.string, .string), (.integer, .integer), (.boolean, .bool), (.timestamp, .date),
            (.decimal, .decimal), (.decimal, .integer), (.double, .double), (.double, .integer), (.double, .decimal),
            (.number, .double), (.number, .integer), (.number, .decimal):
            nil
        case (.date, .date(let milliseconds)) where milliseconds.isMultiple(of: day): nil
        case (.date, .date): "has a time of day"
        case (.month, .date(let milliseconds)) where milliseconds.isMultiple(of: day):
            Timestamp(seconds: milliseconds / 1000).description.dropLast(10).hasSuffix("-01")
                ? nil : "is not the first day of a month"
        case (.month, .date): "has a time of day"
        case (_, .string): "is a text"
        case (_, .integer): "is an integer"
        case (_, .double): "is a float"
        case (_, .decimal): "is a decimal"
        case (_, .bool): "is a boolean"
        case (_, .date): "is a date"
        case (_, .other): "is of another type"
        }
    }
}
