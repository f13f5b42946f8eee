import ReportRecords

/// The first rows of a report, for a mail's body. Held in memory: they are few, and long texts are cut.
package struct TablePreview: Sendable {
    /// With the first columns alone where there are very many.
    package let layout: TableLayout
    package let lines: [TableLine]
    /// How many rows are among the lines.
    package let shownRows: Int
    /// Whether the report has more rows.
    package let isCut: Bool
    private let columnCount: Int

    package static let columnLimit = 12
    /// Of a text, in code points.
    package static let textLimit = 200

    private struct Enough: Error {}

    /// Reads not many more rows than it shows.
    package init(_ layout: TableLayout, rows: some RowSource, limit: Int = 20) throws {
        var table = layout
        table.shown = Array(layout.shown.prefix(Self.columnLimit))
        columnCount = layout.shown.count
        var lines: [TableLine] = []
        var maker = TableLines(table)
        var count = 0
        var isCut = false
        do {
            try rows.forEachRow { row in
                guard count < limit else { throw Enough() }
                count += 1
                maker.take(row.map(\.cut)) { lines.append($0) }
            }
            maker.end { lines.append($0) }
        } catch is Enough {
            isCut = true
        }
        self.layout = table
        self.lines = lines
        self.isCut = isCut
        shownRows = count
    }

    /// What is missing, one sentence each; none where all is shown.
    package func sentences(columns: Int? = nil) -> [String] {
        var sentences: [String] = []
        if isCut {
            // The layout's count may be that of another attempt's rows only by a fault; there is one more than shown.
            let all = max(layout.rowCount, shownRows + 1)
            sentences.append(layout.locale.words.firstRows(layout.count(shownRows), of: layout.count(all)))
        }
        let shown = columns ?? layout.shown.count
        if shown < columnCount {
            sentences.append(layout.locale.words.firstColumns(layout.count(shown), of: layout.count(columnCount)))
        }
        return sentences
    }
}

extension ResultValue {
    fileprivate var cut: ResultValue {
        guard case .string(let text) = self else { return self }
        let head = text.unicodeScalars.prefix(TablePreview.textLimit)
        return head.endIndex == text.unicodeScalars.endIndex ? self : .string(String(head) + "…")
    }
}
