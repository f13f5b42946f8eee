package import ReportLayout

/// A file for spreadsheets and for programs: the rows, each column's values exactly as they were published.
package enum CSVRenderer: ReportRenderer {
    package static func render(_ layout: TableLayout, rows: some RowSource, to descriptor: Int32) throws {
        try render(layout, rows: rows, to: descriptor, as: .file)
    }

    package static func render(
        _ layout: TableLayout, rows: some RowSource, to descriptor: Int32, as style: CSVText
    ) throws {
        let places = layout.dataColumns
        var sink = ByteSink(descriptor: descriptor)
        var line = style.mark
        style.appendHeader(places.map { layout.published[$0].name }, to: &line)
        try sink.write(line)
        try rows.forEachRow { row in
            line.removeAll(keepingCapacity: true)
            style.appendRow(places.map { row[$0] }, to: &line)
            try sink.write(line)
        }
        try sink.flush()
    }
}
