package import Calendars
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

    /// The layout's number-format code; nil where the kind and the locale decide.
    package let code: FormatCode?
    package let kind: TableColumn.Kind
    package let locale: ReportLocale
    package let zone: ZoneRules

    package init(code: FormatCode?, kind: TableColumn.Kind, locale: ReportLocale, zone: ZoneRules) {
        self.code = code
        self.kind = kind
        self.locale = locale
        self.zone = zone
    }

    /// What a reader sees of a value; empty for a null.
    package func text(of value: ResultValue) -> Text { Text(value.description) }

    /// The code that a workbook's cell has, which Excel itself reads: `General` for text.
    package var workbookCode: String { code?.text ?? "General" }
}
