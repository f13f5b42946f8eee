import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

struct WorkbookChartTests {
    private func fixture(groupBy: [Int] = []) throws -> WorkbookFixture {
        var fixture = try WorkbookFixture(
            [("month", .month, "mmm yyyy", false), ("=mttf", .double, "0.0", false), ("plant", .string, nil, false)],
            [
                [.string("2026-01"), .double(10.5), .string("a")], [.string("2026-02"), .null, .string("a")],
                [.string("2026-03"), .double(12), .string("b")],
            ], groupBy: groupBy)
        fixture.layout.charts = [
            .init(kind: .bar, title: "=Hours", x: 0, y: [1]), .init(kind: .line, title: nil, x: 2, y: [1]),
        ]
        return fixture
    }

    @Test func aChartDrawsTheTablesCells() throws {
        let book = try fixture().write().read()
        try #require(book.sheets.map(\.name) == ["Balance", "Charts"])
        let charts = book.sheets[1].charts
        try #require(charts.map(\.type) == ["BarChart", "LineChart"])
        #expect(charts.map(\.title) == [" =Hours", nil])
        let series = try #require(charts[0].series.first)
        #expect(series.name == "Balance!$B$3" && series.nameText == "=mttf")
        #expect(series.x?.range == "Balance!$A$4:$A$6" && series.y.range == "Balance!$B$4:$B$6")
        // For a reader that doesn't calculate.
        #expect(series.x?.points == ["46023.0", "46054.0", "46082.0"])
        #expect(series.y.points == ["10.5", "12.0"])
        #expect(charts[1].series.first?.x?.points == ["a", "a", "b"])
    }

    @Test func theValuesOfAGroupedTableAreBesideTheChart() throws {
        let book = try fixture(groupBy: [2]).write().read()
        let sheet = try #require(book.sheets.last)
        #expect(
            sheet.rows(3...6, to: "E") == [
                ["month", "=mttf", nil, "plant", "=mttf"], ["2026-01-01T00:00:00", "10.5", nil, "a", "10.5"],
                ["2026-02-01T00:00:00", nil, nil, "a", nil], ["2026-03-01T00:00:00", "12.0", nil, "b", "12.0"],
            ])
        #expect(sheet.charts[1].series.first?.x?.range == "Charts!$D$4:$D$6")
        #expect(sheet.charts[1].series.first?.y.range == "Charts!$E$4:$E$6")
    }

    @Test func aChartOfTooManyPointsIsLeftOutAndSaysSo() throws {
        var fixture = try WorkbookFixture(
            [("x", .integer, nil, false), ("y", .integer, nil, false)], (0..<401).map { [.integer($0), .integer($0)] })
        fixture.layout.charts = [.init(kind: .line, title: "Hours", x: 0, y: [1])]
        let book = try fixture.write().read()
        #expect(book.sheets.count == 1)
        #expect(book.sheets[0].cells["A406"]?.value.hasPrefix("The chart “Hours” is left out") == true)
    }
}
