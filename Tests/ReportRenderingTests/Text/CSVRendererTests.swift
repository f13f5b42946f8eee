import Foundation
import ReportLayout
import ReportRecords
import Testing

@testable import ReportRendering

struct CSVRendererTests {
    private static let read = """
        import csv, json, sys
        with open(sys.argv[1], encoding=sys.argv[2], newline="") as file:
            print(json.dumps(list(csv.reader(file, strict=True))))
        """

    private func parsed(_ file: RenderedFile, encoding: String) throws -> [[String]] {
        try Python.run(Self.read, file, encoding)
    }

    @Test func programsReadBackWhatWasPublished() throws {
        let sample = TableSample()
        let file = try RenderedFile { try CSVRenderer.render(sample.layout, rows: sample.list, to: $0, as: .rows) }
        let expected = [TableSample.kinds.map(\.0)] + sample.rows.map { $0.map(\.description) }
        #expect(try parsed(file, encoding: "utf-8") == expected)
    }

    /// As OWASP asks; what is a number or a day stays one.
    @Test func aDeliveredFileHasNoFormulas() throws {
        let sample = TableSample()
        let file = try RenderedFile(CSVRenderer.self, sample.layout, sample.list)
        let cells = try parsed(file, encoding: "utf-8-sig").dropFirst()
        for (row, cells) in zip(sample.rows, cells) {
            for (value, cell) in zip(row, cells) {
                if case .string(let text) = value, let first = text.utf8.first, "=+-@\t\r".utf8.contains(first) {
                    #expect(cell == "'" + text)
                } else {
                    #expect(cell == value.description)
                }
            }
        }
        #expect(cells.first?[2] == "-3", "a negative number is no formula")
        #expect(file.bytes.starts(with: [0xEF, 0xBB, 0xBF]), "else Excel takes it for another code page")
    }

    @Test func aHeaderIsGuardedAsWell() throws {
        var sample = TableSample()
        sample.layout.published[0].name = "=cmd()"
        let file = try RenderedFile(CSVRenderer.self, sample.layout, sample.list)
        #expect(try parsed(file, encoding: "utf-8-sig")[0][0] == "'=cmd()")
    }

    @Test func linesEndAsTheStandardSays() throws {
        var sample = TableSample()
        sample.rows = [sample.rows[0]]
        let text = try RenderedFile(CSVRenderer.self, sample.layout, sample.list).text
        #expect(text.hasSuffix("\r\n") && text.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 2)
    }

    @Test func groupsAreColumnsOfTheirOwn() throws {
        var sample = TableSample()
        sample.layout.groupBy = [0]
        sample.layout.shown = [3, 1]
        let file = try RenderedFile(CSVRenderer.self, sample.layout, sample.list)
        #expect(
            try parsed(file, encoding: "utf-8-sig").prefix(2) == [
                ["currency", "closing", "account"], ["EUR", "-0.00", "plain"],
            ])
    }

    @Test func withoutRowsThereIsAHeader() throws {
        let sample = TableSample()
        let file = try RenderedFile(CSVRenderer.self, sample.layout, RowList([]))
        #expect(try parsed(file, encoding: "utf-8-sig") == [TableSample.kinds.map(\.0)])
    }

    /// An empty line is skipped by many a reader.
    @Test func aSingleNullIsARow() throws {
        var sample = TableSample()
        sample.layout.shown = [1]
        sample.rows = sample.rows.map { $0.map { _ in .null } }
        let file = try RenderedFile(CSVRenderer.self, sample.layout, sample.list)
        #expect(try parsed(file, encoding: "utf-8-sig").dropFirst().allSatisfy { $0 == [""] })
    }
}
