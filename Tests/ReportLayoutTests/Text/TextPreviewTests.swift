import Calendars
import KubernetesModel
import ReportRecords
import Testing

@testable import ReportLayout

struct TextPreviewTests {
    private func layout(_ columns: [(String, TableColumn.Kind)], rows: Int, groupBy: [Int] = []) -> TableLayout {
        let locale = ReportLocale.american
        let published = columns.map { name, kind in
            TableColumn(
                name: name, title: name, kind: kind,
                format: ValueFormat(code: nil, kind: kind, locale: locale, zone: .utc),
                total: kind == .decimal ? .sum : .none)
        }
        return TableLayout(
            identity: Sample.identity, title: "T", empty: "No rows.", locale: locale, zone: .utc, zoneName: "UTC",
            pageSize: .a4, published: published, shown: published.indices.filter { !groupBy.contains($0) },
            groupBy: groupBy, charts: [], rowCount: rows)
    }

    private func cents(_ value: Int) -> ResultValue {
        .decimal(ExactDecimal(isNegative: value < 0, significand: UInt128(abs(value)), exponent: -2))
    }

    @Test func columnsAreAligned() throws {
        let rows: [[ResultValue]] = [
            [.string("EUR"), .string("Cash"), cents(1050)], [.string("EUR"), .string("日本 bank"), cents(-25)],
            [.string("USD"), .null, .null],
        ]
        let layout = layout(
            [("Currency", .string), ("Account", .string), ("Closing", .decimal)], rows: 3, groupBy: [0])
        let preview = try TablePreview(layout, rows: RowList(rows))
        #expect(
            TextPreview.text(of: preview) == """
                Account    Closing
                ---------  -------

                Currency: EUR
                Cash         10.50
                日本 bank    -0.25
                Total EUR    10.25

                Currency: USD

                Total USD        0
                Total        10.25

                """)
    }

    @Test func moreRowsAreLeftToTheFile() throws {
        let layout = layout([("n", .integer)], rows: 1234)
        var read = 0
        struct Counted: RowSource {
            let count: (Int) -> Void
            func forEachRow(_ body: ([ResultValue]) throws -> Void) throws {
                for place in 0..<1234 {
                    count(place)
                    try body([.integer(Int64(place))])
                }
            }
        }
        let preview = try TablePreview(layout, rows: Counted { read = $0 }, limit: 3)
        #expect(read == 3, "the rest isn't read")
        #expect(preview.shownRows == 3 && preview.isCut)
        let all = layout.count(1234)
        #expect(TextPreview.text(of: preview) == "n\n-\n0\n1\n2\n\nThe first 3 of \(all) rows.\n")
    }

    @Test func textsAreCutAndNumbersNever() throws {
        let rows: [[ResultValue]] = [
            [.string(String(repeating: "long ", count: 40)), .string("short"), cents(123_456_789_012_345)]
        ]
        let layout = layout([("a", .string), ("b", .string), ("c", .decimal)], rows: 1)
        let preview = try TablePreview(layout, rows: RowList(rows))
        let text = TextPreview.text(of: preview)
        let number = layout.columns[2].format.text(of: rows[0][2]).text
        #expect(text.contains("…  short  ") && text.contains(number))
        #expect(text.split(separator: "\n").allSatisfy { $0.cells <= 78 })
    }

    @Test func columnsWithoutRoomAreNamedInTheCount() throws {
        let layout = layout((0..<200).map { ("column \($0)", .integer) }, rows: 1)
        let row = (0..<200).map { ResultValue.integer(Int64($0)) }
        let text = TextPreview.text(of: try TablePreview(layout, rows: RowList([row])))
        #expect(text.split(separator: "\n").allSatisfy { $0.cells <= 78 })
        #expect(text.contains("column 0") && text.hasSuffix(" of 200 columns.\n"))
    }

    @Test func anEmptyReportHasNoTable() throws {
        let preview = try TablePreview(layout([("n", .integer)], rows: 0), rows: RowList([]))
        #expect(TextPreview.text(of: preview).isEmpty && preview.sentences().isEmpty)
    }

    /// A line of a mail is a line.
    @Test func aCellIsOneLine() throws {
        let layout = layout([("a", .string)], rows: 1)
        let preview = try TablePreview(layout, rows: RowList([[.string("one\r\ntwo\u{1b}[31m")]]))
        #expect(TextPreview.text(of: preview).split(separator: "\n").count == 3)
    }
}
