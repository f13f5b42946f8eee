import ReportLayout
import ReportRecords

/// The table of a report on one sheet, and on further ones where a sheet is full.
struct WorkbookTable {
    let layout: TableLayout
    let file: WorkbookFile
    let styles: WorkbookStyles
    /// How many rows a sheet has. The last says where the table goes on.
    let rowLimit: UInt32
    var columns: [WorkbookColumn]
    var remarks: WorkbookRemarks
    var pages: [Page] = []
    /// The next one to be written, of the last sheet.
    var row: UInt32 = 0
    /// Of the whole table, then of each group that is open.
    var sections: [Section]

    /// What one sheet has of the table.
    struct Page {
        let sheet: WorkbookSheet
        /// nil: notes alone.
        var headerRow: UInt32?
        /// The last of the table, without the grand total; nil where there is none.
        var lastRow: UInt32?
    }

    /// Where a sum's summands are.
    struct Section {
        var page = 0
        var firstRow: UInt32
        /// The columns in which a number is text, as places in `columns`.
        var textColumns: Set<Int> = []
    }

    init(_ layout: TableLayout, in file: WorkbookFile, rowLimit: UInt32) throws(RenderError) {
        self.layout = layout
        self.file = file
        self.rowLimit = rowLimit
        styles = try WorkbookStyles(in: file)
        var remarks = WorkbookRemarks()
        // A workbook is sorted, filtered and added up: so the groups are columns too.
        let places = layout.groupBy.filter { !layout.shown.contains($0) } + layout.shown
        guard places.count <= 16_384 else {
            throw RenderError(
                .library,
                "the report has \(places.count) columns, and a workbook's sheet has 16,384: choose among them in"
                    + " spec.report.columns")
        }
        var columns: [WorkbookColumn] = []
        for place in places {
            columns.append(try WorkbookColumn(layout.published[place], at: place, in: file, remarks: &remarks))
        }
        self.columns = columns
        self.remarks = remarks
        sections = Array(repeating: Section(firstRow: 0), count: layout.groupBy.count + 1)
        try beginPage(withTable: true)
        for level in sections.indices { sections[level].firstRow = row }
    }

    // Lines

    mutating func take(_ line: TableLine) throws(RenderError) {
        try makeRoom(withTable: true)
        let sheet = pages[pages.count - 1].sheet
        switch line {
        case .heading(let level, let column, let value): try heading(level, column, value, on: sheet)
        case .row(let values):
            try sheet.beginRow(row, level: layout.groupBy.count)
            for place in columns.indices { write(values[columns[place].place], in: place, on: sheet, .plain) }
        case .subtotal(let level, let column, let value, let sums, _):
            try sheet.beginRow(row, level: level)
            let text = layout.published[column].format.text(of: value).text
            write(sums, of: level + 1, .bold, on: sheet, label: "\(layout.locale.words.total) \(text)", near: column)
        case .total(let sums, _):
            try sheet.beginRow(row)
            write(sums, of: 0, .total, on: sheet, label: layout.locale.words.total, near: nil)
            row += 1
            return
        }
        pages[pages.count - 1].lastRow = row
        row += 1
    }

    private mutating func heading(
        _ level: Int, _ column: Int, _ value: ResultValue, on sheet: WorkbookSheet
    ) throws(RenderError) {
        sections[level + 1] = Section(page: pages.count - 1, firstRow: row)
        // Where the subtotal below is left of a closed group, the heading is closed with it; else it is what is left.
        try sheet.beginRow(row, level: layout.hasTotals ? level + 1 : level)
        guard let place = columns.firstIndex(where: { $0.place == column }) else { return }
        // A number here would be added up with the rows'.
        let isSummed = columns[place].column.total == .sum
        let shown = isSummed ? .string(layout.published[column].format.text(of: value).text) : value
        write(shown, in: place, on: sheet, .bold)
    }

    // Pages

    /// Goes on in another sheet where this one has only its last row left.
    private mutating func makeRoom(withTable: Bool) throws(RenderError) {
        guard row >= rowLimit - 1 else { return }
        let last = pages[pages.count - 1]
        let place = row
        try beginPage(withTable: withTable)
        let next = pages[pages.count - 1].sheet.name
        try last.sheet.beginRow(place)
        last.sheet.write(CellText("Continued in the sheet “\(next)”."), 0, styles.remark)
    }

    private mutating func beginPage(withTable: Bool) throws(RenderError) {
        let previous = pages.last?.sheet.name
        let sheet = try file.addSheet(named: layout.title)
        pages.append(Page(sheet: sheet))
        row = 0
        try line(layout.title, styles.title)
        if let subtitle = layout.subtitle { try line(subtitle, styles.subtitle) }
        try line(layout.asOfLine, styles.subtitle)
        if let previous { try line("Continued from the sheet “\(previous)”.", styles.remark) }
        guard withTable else { return }
        try sheet.beginRow(row)
        for (place, column) in columns.enumerated() {
            sheet.write(CellText(column.column.title), place, column.header)
        }
        pages[pages.count - 1].headerRow = row
        row += 1
    }

    /// A line beside the table.
    private mutating func line(_ text: String, _ style: WorkbookFormat?) throws(RenderError) {
        let sheet = pages[pages.count - 1].sheet
        try sheet.beginRow(row)
        sheet.write(CellText(text), 0, style)
        row += 1
    }

    /// What is below the table.
    mutating func end() throws(RenderError) {
        if pages.count == 1, pages[0].lastRow == nil { try line(layout.empty, nil) }
        let notes = (layout.notes ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let remarks = remarks.sentences
        for (texts, style) in [(layout.notes == nil ? [] : notes, nil), (remarks, Optional(styles.remark))]
        where !texts.isEmpty {
            row += 1
            for text in texts {
                try makeRoom(withTable: false)
                try line(text, style)
            }
        }
    }
}
