import Foundation
import KubernetesModel
import ReportLayout
import ReportRecords
import Testing

@testable import ReportRendering

struct JSONRendererTests {
    /// As a program with exact numbers reads it, with all values as texts.
    private static let read = """
        import json, sys
        from decimal import Decimal
        def pairs(members):
            assert len(dict(members)) == len(members), members
            return dict(members)
        data = json.load(open(sys.argv[1], encoding="utf-8"), object_pairs_hook=pairs, parse_float=Decimal)
        types = {c["name"]: c["type"] for c in data["columns"]}
        def text(name, value):
            if value is None: return ""
            if isinstance(value, bool): return str(value).lower()
            if types[name] == "decimal": return format(Decimal(value), "f")
            if types[name] == "double": return repr(float(value))
            return str(value)
        print(json.dumps({
            "title": data["title"], "asOf": data["asOf"], "id": data["report"]["id"],
            "attempt": data["report"]["attempt"], "period": data["report"]["parameters"].get("period"),
            "keys": list(data), "rowCount": data["rowCount"], "names": [c["name"] for c in data["columns"]],
            "rows": [[text(name, row[name]) for name in row] for row in data["rows"]]}))
        """

    private struct Answer: Decodable {
        var title: String
        var asOf: String
        var id: String
        var attempt: Int
        var period: String?
        var keys: [String]
        var rowCount: Int
        var names: [String]
        var rows: [[String]]
    }

    @Test func programsReadBackWhatWasPublished() throws {
        let sample = TableSample()
        let file = try RenderedFile(JSONRenderer.self, sample.layout, sample.list)
        let answer: Answer = try Python.run(Self.read, file)
        #expect(answer.rows == sample.rows.map { $0.map(\.description) })
        #expect(answer.names == TableSample.kinds.map(\.0), "in their order")
        #expect(answer.rowCount == sample.rows.count)
        #expect(answer.title == "Trial balance" && answer.id == "0b8f" && answer.attempt == 2)
        #expect(answer.asOf == sample.layout.identity.asOf.description && answer.period == "2026-10")
        #expect(!file.text.contains("dana@example.com"), "who gets it needn't know who asked for it")
    }

    @Test(arguments: [0, 1])
    func fewRowsAreJSONAsWell(count: Int) throws {
        var sample = TableSample()
        sample.rows = Array(sample.rows.prefix(count))
        let answer: Answer = try Python.run(
            Self.read, try RenderedFile(JSONRenderer.self, sample.layout, sample.list))
        #expect(answer.rows.count == count && answer.rowCount == count)
    }

    @Test func eachRowIsALineOfItsOwn() throws {
        let sample = TableSample()
        let lines = try RenderedFile(JSONRenderer.self, sample.layout, sample.list).text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("{\"currency\":") }.count == sample.rows.count)
    }

    @Test func columnsOfOneNameKeepTheirValues() throws {
        var sample = TableSample()
        sample.layout.published[1].name = "currency"
        let file = try RenderedFile(JSONRenderer.self, sample.layout, sample.list)
        let answer: Answer = try Python.run(Self.read, file)
        #expect(answer.names.prefix(2) == ["currency", "currency_2"])
        #expect(answer.rows.map { $0[1] } == sample.rows.map { $0[1].description })
    }
}
