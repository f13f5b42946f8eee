import Calendars
import Foundation
import Glibc
import KubernetesModel
import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

/// A layout and rows to make pages of.
struct PDFSample {
    var layout: TableLayout
    var rows: [[ResultValue]]

    init(_ columns: [TableColumn], _ rows: [[ResultValue]]) {
        self.rows = rows
        layout = TableLayout(
            identity: ReportIdentity(
                reportID: "0b8f4c1e-7f3a-4a52-9d0e-6a1c3f0e2b77", namespace: "finance", name: "tb-2026-10",
                pipeline: "trial-balance", attempt: 1, publishedAt: Timestamp(seconds: 1_793_448_000),
                asOf: Timestamp(seconds: 1_793_447_000)),
            title: "Trial balance 2026-10", subtitle: "Company 310507, at cost", empty: "No bookings in 2026-10.",
            locale: .american, zone: .utc, zoneName: "UTC", pageSize: .a4, published: columns,
            shown: Array(columns.indices), groupBy: [], charts: [], rowCount: rows.count)
    }

    /// Texts alone.
    init(_ titles: [String], texts: [[String]]) {
        self.init(titles.map { Self.column($0) }, texts.map { $0.map { .string($0) } })
    }

    static func column(
        _ title: String, _ kind: TableColumn.Kind = .string, format: String? = nil, total: TableColumn.Total = .none,
        width: Int? = nil
    ) -> TableColumn {
        TableColumn(
            name: title.lowercased(), title: title, kind: kind, width: width,
            format: ValueFormat(
                code: format.flatMap { try? FormatCode($0) }, kind: kind, locale: .american, zone: .utc),
            total: total)
    }

    /// A ledger of three currencies, with that number of rows each.
    static func ledger(rowsOfCurrency count: Int) -> PDFSample {
        let names = [
            "Cash and cash equivalents", "Trade receivables", "Office efficiency & profit", "Übrige Rückstellungen",
        ]
        let code = "#,##0.00;[Red](#,##0.00)"
        var rows: [[ResultValue]] = []
        for currency in ["EUR", "JPY", "USD"] {
            for index in 0..<count {
                let number = rows.count
                rows.append([
                    .string("\(100_000 + number)"), .string(names[index % names.count]), .string(currency),
                    .date(milliseconds: Int64(number % 365) * 86_400_000),
                    amount(number * 7919 % 99_991 - 30_000), amount(number * 104_729 % 1_299_709),
                ])
            }
        }
        var sample = PDFSample(
            [
                column("Account"), column("Name"), column("Currency"), column("Day", .date),
                column("Opening", .decimal, format: code, total: .sum),
                column("Closing balance", .decimal, format: code, total: .sum),
            ], rows)
        sample.layout.groupBy = [2]
        return sample
    }

    static func amount(_ cents: Int) -> ResultValue {
        .decimal(ExactDecimal(isNegative: cents < 0, significand: UInt128(cents.magnitude), exponent: -2))
    }

    /// What a reader sees of the rows, cell by cell.
    var texts: [[String]] {
        rows.map { row in layout.shown.map { layout.published[$0].format.text(of: row[$0]).text } }
    }

    func pdf() throws -> PDFFile {
        let file = PDFFile()
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try PDFRenderer.render(layout, rows: RowList(rows), to: descriptor)
        return file
    }
}
