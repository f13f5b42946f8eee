import Calendars
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import ReportLayout

struct TableLinesTests {
    @Test func sumsAreExact() throws {
        var sum = DecimalSum()
        for text in ["0.10", "0.2", "-100", "9999999999999999999999999999999999"] {
            sum.add(.decimal(try #require(ExactDecimal(text))))
        }
        #expect(sum.value?.description == "9999999999999999999999999999999899.30")
    }

    /// What a table's lines are, by their sums of the column closing.
    private func lines(groupBy: [String]?, grandTotal: Bool?) throws -> [String] {
        let layout = try Sample.layout(
            LayoutSpec(
                columns: [.init(name: "account"), .init(name: "closing", total: "sum")], groupBy: groupBy,
                grandTotal: grandTotal))
        let rows: [[ResultValue]] = [("Cash", "EUR", "1.50"), ("Bank", "EUR", "2"), ("Cash", "USD", "7")].map {
            [.string($0), .string($1), .null, ExactDecimal($2).map(ResultValue.decimal) ?? .null, .null]
        }
        var found: [String] = []
        try RowList(rows).forEachLine(of: layout) { line in
            switch line {
            case .heading(_, _, .string(let value)): found.append("# \(value)")
            case .heading: found.append("#")
            case .row(let row): found.append(row[0] == .string("Cash") ? "cash" : "bank")
            case .subtotal(_, _, _, let sums, let count), .total(let sums, let count):
                guard case .decimal(let sum)? = sums[3] else { return found.append("=") }
                found.append("= \(sum) (\(count))")
            }
        }
        return found
    }

    @Test func groupsAndTheWholeAreSummedUp() throws {
        let grouped = ["# EUR", "cash", "bank", "= 3.50 (2)", "# USD", "cash", "= 7 (1)"]
        #expect(try lines(groupBy: ["currency"], grandTotal: nil) == grouped + ["= 10.50 (3)"])
        #expect(try lines(groupBy: nil, grandTotal: true) == ["cash", "bank", "cash", "= 10.50 (3)"])
    }

    /// Euros and dollars make no sum.
    @Test func theWholeIsNotSummedUpWhereTheLayoutSaysSo() throws {
        let grouped = ["# EUR", "cash", "bank", "= 3.50 (2)", "# USD", "cash", "= 7 (1)"]
        #expect(try lines(groupBy: ["currency"], grandTotal: false) == grouped)
        #expect(try lines(groupBy: nil, grandTotal: false) == ["cash", "bank", "cash"])
    }
}
