package import Calendars
import KubernetesModel
package import ReportRecords

/// How a column's values are written for people: one for every format, so that page, mail and workbook say the same.
package struct ValueFormat: Hashable, Sendable {
    package struct Text: Hashable, Sendable {
        package var text: String
        /// Whether the code has the section in red: `#,##0;[Red]-#,##0`.
        package var isRed: Bool

        package init(_ text: String, isRed: Bool = false) {
            self.text = text
            self.isRed = isRed
        }
    }

    /// Shared: to copy all of it for each value costs more than to write one.
    private let writer: ValueWriter

    /// The layout's number-format code; nil where the kind and the locale decide.
    package var code: FormatCode? { writer.code }
    package var kind: TableColumn.Kind { writer.kind }
    package var locale: ReportLocale { writer.locale }
    package var zone: ZoneRules { writer.zone }

    package init(code: FormatCode?, kind: TableColumn.Kind, locale: ReportLocale, zone: ZoneRules) {
        writer = ValueWriter(code: code, kind: kind, locale: locale, zone: zone)
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.writer === other.writer
            || one.code == other.code && one.kind == other.kind && one.locale == other.locale && one.zone == other.zone
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(kind)
        hasher.combine(locale)
        hasher.combine(zone)
    }

    /// What a reader sees of a value; empty for a null.
    ///
    /// A value of another kind than the column's is written as what it is. Days and months are what was published,
    /// whatever the zone.
    package func text(of value: ResultValue) -> Text { writer.text(of: value) }

    /// The code that a workbook's cell has, which Excel itself reads: `General` for text.
    ///
    /// Names of months are the report's language, not the reader's; separators are the reader's own.
    package var workbookCode: String {
        if let code { return Self.inLanguage(code, of: locale) }
        switch kind {
        case .string, .boolean, .double: return "General"
        case .integer: return "0"
        case .decimal: return "#,##0.00##########"
        case .date: return Self.workbookCode(locale.dayCode, locale)
        case .month: return Self.workbookCode(locale.monthCode, locale)
        case .timestamp: return Self.workbookCode(ValueWriter.instantCode(locale), locale)
        }
    }

    private static func workbookCode(_ code: String, _ locale: ReportLocale) -> String {
        (try? FormatCode(code)).map { inLanguage($0, of: locale) } ?? code
    }

    private static func inLanguage(_ code: FormatCode, of locale: ReportLocale) -> String {
        guard case .date(let pattern) = code.pattern, pattern.hasNames else { return code.workbookText }
        return "[$-\(locale.excelLanguage)]\(code.workbookText)"
    }
}
