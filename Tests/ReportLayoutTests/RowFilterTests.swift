import ReportLayout
import ReportRecords
import Testing

@Suite("The rows that a delivery wants")
struct RowFilterTests {
    static let columns: [ReportResult.Column] = [
        .init(name: "plant", type: "string"), .init(name: "line", type: "integer"), .init(name: "day", type: "date"),
    ]
    static let rows = RowList([
        [.string("north"), .integer(1), .date(milliseconds: 0)], [.string("north"), .integer(2), .null],
        [.string("south"), .integer(1), .date(milliseconds: 86_400_000)],
    ])

    @Test(arguments: [
        (["plant": "north"], 2), (["plant": "north", "line": "1"], 1), (["line": "1"], 2), (["day": "1970-01-02"], 1),
        (["day": ""], 1), (["plant": "North"], 0), ([:], 3),
    ])
    func equality(only: [String: String], count: Int) throws {
        #expect(try FilteredRows(Self.rows, filter: RowFilter(only, of: Self.columns)).count() == count)
    }

    @Test func aColumnThatThereIsNotIsNamed() throws {
        let faults = #expect(throws: LayoutFaults.self) { try RowFilter(["plants": "north"], of: Self.columns) }
        #expect(faults?.messages == ["spec.only: \"plants\" is not among the columns, which are plant, line, day"])
    }
}
