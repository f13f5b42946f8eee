import Foundation
import KubernetesModel
import ReportLayout
import ReportRecords
import Testing

@testable import ReportRendering

/// What openpyxl and LibreOffice read of a workbook.
struct WorkbookTests {
    @Test func eachCellIsTheRowsValueInItsOwnType() throws {
        let decimal = "1234567890123456789012345678901234"
        let fixture = try WorkbookFixture(
            [
                ("text", .string, nil, false), ("count", .integer, nil, false),
                ("amount", .decimal, "#,##0.00;[Red]-#,##0.00", false), ("share", .double, "0.0%", false),
                ("done", .boolean, nil, false), ("day", .date, "dd/mm/yyyy", false), ("month", .month, nil, false),
                ("at", .timestamp, "yyyy-mm-dd hh:mm:ss", false),
            ],
            [
                [
                    .string("=1+1"), .integer(42), try .exact("1234567.80"), .double(0.1 + 0.2), .bool(true),
                    try .day("2026-10-31"), try .day("2026-10-01"), try .moment("2026-10-31T23:30:00Z"),
                ],
                [
                    .string("+49 30 <&> \u{1}"), .integer(-7), try .exact("-0.05"), .double(.nan), .bool(false),
                    .string("2026-02-28"), .string("2026-11"), .string("2026-01-01T00:00:00Z"),
                ],
                [
                    .string("@x"), .integer(123_456_789_012_345), try .exact("123456789012.345"), .double(-.infinity),
                    .null,
                    try .day("1899-12-31"), .null, .null,
                ],
                [
                    .string("-1"), .integer(1_234_567_890_123_456), try .exact(decimal), .double(1e-7), .null,
                    .null, .null, .null,
                ],
                [.string(" 0007 "), .string("none"), .null, .integer(3), .null, .null, .null, .null],
            ])
        let sheet = try #require(try fixture.write().read().sheets.first)
        #expect(
            sheet.rows(4...8, to: "H") == [
                [
                    "=1+1", "42.0", "1234567.8", "0.30000000000000004", "true", "2026-10-31T00:00:00",
                    "2026-10-01T00:00:00", "2026-11-01T00:30:00",
                ],
                [
                    "+49 30 <&> \u{1}", "-7.0", "-0.05", "NaN", "false", "2026-02-28T00:00:00", "2026-11-01T00:00:00",
                    "2026-01-01T01:00:00",
                ],
                [
                    "@x", "123456789012345.0", "123456789012.345", "-inf", nil,
                    fixture.layout.published[5].format.text(of: try .day("1899-12-31")).text, nil, nil,
                ],
                ["-1", "1234567890123456", decimal, "1e-07", nil, nil, nil, nil],
                [" 0007 ", "none", nil, "3.0", nil, nil, nil, nil],
            ])
        let kinds = "ABCDEFGH".map { sheet.cells["\($0)4"]?.kind }
        #expect(kinds == ["text", "number", "number", "number", "bool", "date", "date", "date"])
        #expect(sheet.cells["A4"]?.formula == nil, "a leading = is data")
        #expect(sheet.cells["B7"]?.kind == "text" && sheet.cells["C7"]?.kind == "text")
        #expect(sheet.cells["C7"]?.alignment == "right")
        #expect(sheet.cells["C4"]?.format == "#,##0.00;[Red]-#,##0.00" && sheet.cells["D4"]?.format == "0.0%")
        for (place, column) in "BFGH".map({ (Int($0.asciiValue ?? 0) - 65, $0) }) {
            #expect(sheet.cells["\(column)4"]?.format == fixture.layout.published[place].format.workbookCode)
        }
        let remarks = [sheet.cells["A10"]?.value, sheet.cells["A11"]?.value]
        #expect(
            remarks == [
                "2 numbers (the first: B7) have more digits than the 15 that a workbook's number holds: text with all"
                    + " digits instead.",
                "1 date (F6) is before March 1900 or after the year 9999, which a workbook has no date for: text"
                    + " instead.",
            ])
    }

    @Test func theSheetIsSetUpToBeReadFilteredAndPrinted() throws {
        var fixture = try WorkbookFixture(
            [("a", .string, nil, false), ("b", .decimal, "0.00", false)],
            [[.string("x"), try .exact("1")], [.string("y"), try .exact("12345678.9")]], title: "P&L 10/2026")
        fixture.layout.subtitle = "At cost"
        fixture.layout.notes = "First.\nSecond."
        fixture.layout.published[0].width = 34
        fixture.layout.pageSize = .letter
        let book = try fixture.write().read()
        let sheet = try #require(book.sheets.first)
        #expect(sheet.name == "P&L 10-2026")
        #expect(
            sheet.rows(1...4, to: "B") == [
                ["P&L 10/2026", nil], ["At cost", nil], ["As of 2026-10-31 12:43 Europe/Berlin", nil], ["a", "b"],
            ])
        #expect(sheet.rows(7...9, to: "A") == [[nil], ["First."], ["Second."]])
        #expect(sheet.frozen == "A5" && sheet.filter == "A4:B6" && sheet.printTitles == "$4:$4")
        #expect(sheet.paper == 1 && sheet.orientation == "portrait")
        #expect(sheet.fit == [1, 0], "one page wide")
        #expect(sheet.header == "P&&L 10/2026")
        #expect(sheet.footer == ["As of 2026-10-31 12:43 Europe/Berlin", "Page &P of &N"])
        #expect(abs((sheet.widths["A"] ?? 0) - 34) < 1)
        #expect((12...16).contains(sheet.widths["B"] ?? 0), "as wide as 12345678.90")
        #expect(
            book.properties == [
                "title": "P&L 10/2026", "subject": "At cost", "author": "finance/trial-balance", "keywords": "0b8f",
                "comments": "As of 2026-10-31 12:43 Europe/Berlin", "created": "2026-10-31T12:00:00",
            ])
    }

    @Test func wideTablesArePrintedAcross() throws {
        let columns = (0..<12).map { ("column \($0)", TableColumn.Kind.string, String?.none, false) }
        let fixture = try WorkbookFixture(columns, [(0..<12).map { .string("\($0)") }])
        #expect(try fixture.write().read().sheets.first?.orientation == "landscape")
    }

    @Test func anEmptyReportSaysSo() throws {
        let sheet = try #require(
            try WorkbookFixture([("a", .decimal, nil, true)], []).write().read().sheets.first)
        #expect(sheet.rows(3...4, to: "A") == [["a"], ["Nothing."]])
        #expect(sheet.filter == nil && sheet.frozen == "A4")
    }

    @Test func theSameInputGivesTheSameBytesAndLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        let fixture = try WorkbookFixture(
            [("a", .string, nil, false), ("b", .integer, nil, true)],
            (0..<5000).map { [.string("\($0)"), .integer($0)] })
        let first = try fixture.write(temporaryFolder: folder.path).bytes
        #expect(try fixture.write(temporaryFolder: folder.path).bytes == first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func aTextThatIsTooLongIsCutAndTold() throws {
        let sheet = try #require(
            try WorkbookFixture([("a", .string, nil, false)], [[.string(String(repeating: "👍", count: 20_000))]])
                .write().read().sheets.first)
        #expect(sheet.cells["A4"]?.value == String(repeating: "👍", count: 16_383) + "…")
        #expect(sheet.cells["A6"]?.value.hasPrefix("1 text (A4) is longer than the 32,767 characters") == true)
    }

    @Test func tooManyColumnsAreRefused() throws {
        let columns = (0..<16_385).map { ("\($0)", TableColumn.Kind.string, String?.none, false) }
        let error = #expect(throws: RenderError.self) { try WorkbookFixture(columns, []).write() }
        #expect(error?.description.contains("16385 columns, and a workbook's sheet has 16,384") == true)
    }
}
