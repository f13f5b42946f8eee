import Glibc
import KubernetesModel
package import ReportLayout

/// Makes a report's workbook: a table that can be sorted, filtered and calculated with, and its charts.
///
/// libxlsxwriter keeps rows on the disk until all are there: about 50 bytes a cell, twice. They go to the folder that
/// `TMPDIR` names, and nothing stays there.
package enum WorkbookRenderer: ReportRenderer {
    package static func render(_ layout: TableLayout, rows: some RowSource, to descriptor: Int32) throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        try render(layout, rows: rows, to: descriptor, temporaryFolder: folder.isEmpty ? "/tmp" : folder)
    }

    /// `rowLimit` is Excel's, but in a test.
    package static func render(
        _ layout: TableLayout, rows: some RowSource, to descriptor: Int32, temporaryFolder: String,
        rowLimit: UInt32 = 1_048_576
    ) throws {
        let file = try WorkbookFile(in: temporaryFolder)
        file.set(properties(of: layout))
        var table = try WorkbookTable(layout, in: file, rowLimit: rowLimit)
        var charts = layout.charts.map { ChartData($0) }
        try rows.forEachLine(of: layout) { line in
            if case .row(let values) = line { for place in charts.indices { charts[place].take(values) } }
            try table.take(line)
        }
        table.remarks.charts = WorkbookCharts.remarks(charts, layout)
        try table.end()
        table.finishSheets()
        try WorkbookCharts.add(charts, of: table, to: file)
        try file.write(to: descriptor)
    }

    private static func properties(of layout: TableLayout) -> WorkbookFile.Properties {
        let identity = layout.identity
        return WorkbookFile.Properties(
            title: layout.title, subject: layout.subtitle ?? "",
            author: "\(identity.namespace)/\(identity.pipeline ?? identity.name)", keywords: identity.reportID,
            comments: layout.asOfLine, created: Int(identity.publishedAt.seconds))
    }
}
