import Foundation
import ReportLayout
import ReportRecords
import Testing

@testable import ReportRendering

struct WorkbookTotalTests {
    private static let columns: [(String, TableColumn.Kind, String?, Bool)] = [
        ("currency", .string, nil, false), ("site", .string, nil, false), ("account", .string, nil, false),
        ("closing", .decimal, "#,##0.00", true),
    ]

    private static func rows() throws -> [[ResultValue]] {
        try [
            ("EUR", "north", "1000", "0.10"), ("EUR", "north", "1100", "0.20"), ("EUR", "south", "1000", "-5.00"),
            ("USD", "north", "1000", "1234567.89"), ("USD", "south", "1200", "0.01"),
        ].map { [.string($0), .string($1), .string($2), try .exact($3)] }
    }

    @Test func groupsHaveOutlinesAndSubtotalsThatAreFormulas() throws {
        let file = try WorkbookFixture(Self.columns, try Self.rows(), groupBy: [0, 1]).write()
        let sheet = try #require(try file.read().sheets.first)
        #expect(
            sheet.rows(4...19, to: "D") == [
                ["EUR", nil, nil, nil], [nil, "north", nil, nil], ["EUR", "north", "1000", "0.1"],
                ["EUR", "north", "1100", "0.2"], [nil, "Total north", nil, "0.3"], [nil, "south", nil, nil],
                ["EUR", "south", "1000", "-5.0"], [nil, "Total south", nil, "-5.0"], ["Total EUR", nil, nil, "-4.7"],
                ["USD", nil, nil, nil], [nil, "north", nil, nil], ["USD", "north", "1000", "1234567.89"],
                [nil, "Total north", nil, "1234567.89"], [nil, "south", nil, nil], ["USD", "south", "1200", "0.01"],
                [nil, "Total south", nil, "0.01"],
            ])
        #expect(
            sheet.rows(20...21, to: "D") == [["Total USD", nil, nil, "1234567.9"], ["Total", nil, nil, "1234563.2"]])
        #expect((4...21).map { sheet.levels["\($0)"] ?? 0 } == [1, 2, 2, 2, 1, 2, 2, 1, 0, 1, 2, 2, 1, 2, 2, 1, 0, 0])
        #expect(sheet.isSummaryBelow)
        #expect(sheet.cells["D8"]?.formula == "=SUBTOTAL(9,D5:D7)")
        #expect(sheet.cells["D12"]?.formula == "=SUBTOTAL(9,D4:D11)")
        #expect(sheet.cells["D21"]?.formula == "=SUBTOTAL(9,D4:D20)" && sheet.cells["D21"]?.isBold == true)
        #expect(sheet.filter == "A3:D20", "without the total")
        let calculated = try #require(try file.calculated()["Balance"])
        for (row, sum) in [(8, 0.3), (11, -5), (12, -4.7), (16, 1_234_567.89), (20, 1_234_567.9), (21, 1_234_563.2)] {
            let cell = try #require(calculated[row - 1].split(separator: "|", omittingEmptySubsequences: false).last)
            #expect(abs(try #require(Double(cell)) - sum) < 1e-9, "row \(row)")
        }
    }

    @Test func aGroupsColumnIsThereThoughItIsNotShown() throws {
        var fixture = try WorkbookFixture(Self.columns, try Self.rows(), groupBy: [0])
        fixture.layout.shown = [2, 3]
        let sheet = try #require(try fixture.write().read().sheets.first)
        #expect(
            sheet.rows(3...5, to: "C") == [
                ["currency", "account", "closing"], ["EUR", nil, nil], ["EUR", "1000", "0.1"],
            ])
    }

    @Test func withoutTotalsTheHeadingIsWhatIsLeftOfAClosedGroup() throws {
        var fixture = try WorkbookFixture(Self.columns, try Self.rows(), groupBy: [0])
        fixture.layout.published[3].total = .none
        let sheet = try #require(try fixture.write().read().sheets.first)
        #expect((4...10).map { sheet.levels["\($0)"] ?? 0 } == [0, 1, 1, 1, 0, 1, 1])
        #expect(!sheet.isSummaryBelow)
    }

    @Test func aTotalOfMoreThanFifteenDigitsIsTextAndTold() throws {
        let row = try ResultValue.exact("900000000000000.5")
        let long = try ResultValue.exact("12345678901234.5")
        let sheet = try #require(
            try WorkbookFixture(
                [("a", .string, nil, false), ("b", .decimal, nil, true), ("c", .decimal, nil, true)],
                [[.string("x"), row, long], [.string("y"), row, long]]
            ).write().read().sheets.first)
        // The summands of `b` have 16 digits, the sum 17; those of `c` fit, and the sum does.
        #expect(
            sheet.rows(4...6, to: "C") == [
                ["x", "900000000000000.5", "12345678901234.5"], ["y", "900000000000000.5", "12345678901234.5"],
                ["Total", "1800000000000001.0", "24691357802469.0"],
            ])
        #expect(sheet.cells["B6"]?.kind == "text" && sheet.cells["B6"]?.formula == nil)
        #expect(sheet.cells["C6"]?.kind == "number" && sheet.cells["C6"]?.formula == "=SUBTOTAL(9,C4:C5)")
        #expect(sheet.cells["A8"]?.value.hasPrefix("3 numbers (the first: B4) have more digits than the 15") == true)
    }

    @Test func aFormulaThatWouldLeaveTextOutIsAValue() throws {
        let sheet = try #require(
            try WorkbookFixture(
                [("a", .string, nil, false), ("b", .decimal, nil, true)],
                [[.string("x"), try .exact("0.1234567890123456")], [.string("y"), try .exact("-0.1234567890123456")]]
            ).write().read().sheets.first)
        #expect(sheet.cells["B6"]?.value == "0.0" && sheet.cells["B6"]?.formula == nil)
        #expect(sheet.cells["A9"]?.value.hasPrefix("1 total (B6) is exact and includes such text") == true)
    }

    @Test func aTotalThatDoesNotExistIsTold() throws {
        let sheet = try #require(
            try WorkbookFixture(
                [("a", .string, nil, false), ("b", .decimal, nil, true)],
                [[.string("x"), .string("NaN")], [.string("y"), try .exact("1")]]
            ).write().read().sheets.first)
        #expect(
            sheet.rows(6...8, to: "B") == [
                ["Total", nil], [nil, nil], ["“b” has no total: some of its values can't be added up exactly.", nil],
            ])
    }

    @Test func whatASheetHasNoRoomForIsInTheNextAndSaysSo() throws {
        let rows = try (1...25).map { [ResultValue.string("\($0)"), try .exact("\($0).01")] }
        var fixture = try WorkbookFixture(
            [("a", .string, nil, false), ("b", .decimal, "0.00", true)], rows, title: "Bob's")
        fixture.layout.notes = "A note."
        let file = try fixture.write(rowLimit: 15)
        let book = try file.read()
        try #require(book.sheets.map(\.name) == ["Bob's", "Bob's (2)", "Bob's (3)"])
        #expect(
            book.sheets[0].rows(14...15, to: "B") == [["11", "11.01"], ["Continued in the sheet “Bob's (2)”.", nil]])
        #expect(book.sheets[0].filter == "A3:B14" && book.sheets[1].filter == "A4:B14")
        #expect(
            book.sheets[1].rows(3...5, to: "B") == [
                ["Continued from the sheet “Bob's”.", nil], ["a", "b"], ["12", "12.01"],
            ])
        #expect(book.sheets[1].frozen == "A5" && book.sheets[1].printTitles == "$4:$4")
        #expect(
            book.sheets[2].rows(5...11, to: "B") == [
                ["22", "22.01"], ["23", "23.01"], ["24", "24.01"], ["25", "25.01"], ["Total", "325.25"], [nil, nil],
                ["A note.", nil],
            ])
        let read = book.sheets.flatMap { sheet in (1...15).compactMap { sheet.cells["B\($0)"] } }.filter {
            $0.kind == "number" && $0.formula == nil
        }
        #expect(read.map(\.value) == (1...25).map { "\($0).01" }, "each row once, in order")
        #expect(
            book.sheets[2].cells["B9"]?.formula == "=SUBTOTAL(9,'Bob''s'!B4:B14,'Bob''s (2)'!B5:B14,B5:B8)")
        let total = try #require(try file.calculated()["Bob's (3)"]?[8].split(separator: "|").last)
        #expect(abs(try #require(Double(total)) - 325.25) < 1e-9)
    }
}
