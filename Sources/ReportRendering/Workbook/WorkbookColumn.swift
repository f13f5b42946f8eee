import ReportLayout

/// A column of the sheets, its cells' formats, and what was seen of it.
struct WorkbookColumn {
    /// In a published row.
    let place: Int
    let column: TableColumn
    /// The number-format code of its cells.
    let code: String
    /// For the values that the column is there for; the other values have none, so that a number in a column of dates
    /// is not shown as a date.
    let plain: WorkbookFormat?
    let bold: WorkbookFormat
    let total: WorkbookFormat
    let header: WorkbookFormat
    var width: ColumnWidth
    /// Whether a value was a binary fraction, of which the digits after the 15th mean nothing, in a sum as well.
    var hasDoubles: Bool

    init(_ column: TableColumn, at place: Int, in file: WorkbookFile, remarks: inout WorkbookRemarks)
        throws(RenderError)
    {
        self.place = place
        self.column = column
        width = ColumnWidth(column)
        hasDoubles = column.kind == .double
        var code = Self.code(of: column)
        if code.utf8.count > Self.codeLimit {
            remarks.withoutFormat.append(column.title)
            code = "General"
        }
        self.code = code
        // As its values are.
        let isRight = column.kind.isNumber || [.date, .month, .timestamp].contains(column.kind)
        plain = code == "General" ? nil : try file.format(.init(code: code))
        bold = try file.format(.init(code: code, isBold: true))
        total = try file.format(.init(code: code, isBold: true, hasTopLine: true))
        header = try file.format(.init(isBold: true, isRight: isRight, isHeading: true))
    }

    /// The library keeps 127 bytes of a code, and cuts what is longer.
    private static let codeLimit = 127

    /// A date without a code would be shown as its number.
    private static func code(of column: TableColumn) -> String {
        let code = column.format.workbookCode
        guard code == "General" || code.isEmpty else { return code }
        return switch column.kind {
        case .date: "yyyy-mm-dd"
        case .month: "yyyy-mm"
        case .timestamp: "yyyy-mm-dd hh:mm:ss"
        case .string, .integer, .decimal, .double, .boolean: "General"
        }
    }
}

/// Formats that no column has of its own.
struct WorkbookStyles {
    let title: WorkbookFormat
    let subtitle: WorkbookFormat
    let remark: WorkbookFormat
    /// Numbers that are text.
    let right: WorkbookFormat
    let boldRight: WorkbookFormat
    let totalRight: WorkbookFormat

    init(in file: WorkbookFile) throws(RenderError) {
        title = try file.format(.init(isBold: true, size: 14))
        subtitle = try file.format(.init(isGrey: true))
        remark = try file.format(.init(isItalic: true, isGrey: true))
        right = try file.format(.init(isRight: true))
        boldRight = try file.format(.init(isBold: true, isRight: true))
        totalRight = try file.format(.init(isBold: true, isRight: true, hasTopLine: true))
    }
}
