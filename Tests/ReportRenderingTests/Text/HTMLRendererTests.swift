import Foundation
import KubernetesModel
import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

struct HTMLRendererTests {
    private func page(_ sample: TableSample) throws -> HTMLPage {
        try HTMLPage(try RenderedFile(HTMLRenderer.self, sample.layout, sample.list))
    }

    /// As the parser sees it: what HTML has no place for is U+FFFD, and line breaks are one.
    private func shown(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
            result.append(isControl || scalar == "\u{FFFE}" ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }

    @Test func eachCellReadsAsItsColumnIsWritten() throws {
        let sample = TableSample()
        let page = try page(sample)
        let cells = sample.rows.map { row in
            zip(sample.layout.published, row).map { shown($0.format.text(of: $1).text) }
        }
        #expect(page.rows.first == TableSample.kinds.map { $0.0.uppercased() })
        #expect(Array(page.rows.dropFirst().dropLast()) == cells)
        #expect(page.unbalanced.isEmpty)
    }

    /// Whatever a stage publishes or a requester types: it stays text.
    @Test func nothingOfTheDataIsMarkup() throws {
        var sample = TableSample()
        let attack = "</title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]>-->{}\r\nX: y"
        sample.layout.title = attack
        sample.layout.subtitle = attack
        sample.layout.notes = attack
        sample.layout.zoneName = attack
        sample.layout.identity.name = attack
        sample.layout.published[1].title = attack
        sample.layout.groupBy = [1]
        sample.layout.charts = [
            .init(kind: .bar, title: attack, x: 1, y: [2, 3]), .init(kind: .line, title: attack, x: 0, y: [4]),
        ]
        for place in sample.rows.indices { sample.rows[place][1] = .string(attack) }
        let page = try page(sample)
        #expect(
            page.tags == [
                "b", "body", "br", "div", "h1", "head", "html", "line", "meta", "p", "polygon", "polyline", "rect",
                "style", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr",
            ])
        #expect(
            page.attributes.filter { $0.hasPrefix("on") || ["src", "href", "action", "xlink:href", "id"].contains($0) }
                .isEmpty)
        #expect(page.unbalanced.isEmpty)
        #expect(page.texts.contains(shown(attack)))
    }

    @Test func nothingIsLoadedFromElsewhere() throws {
        var sample = TableSample()
        sample.layout.charts = [.init(kind: .bar, title: "Bars", x: 0, y: [2])]
        let text = try RenderedFile(HTMLRenderer.self, sample.layout, RowList(Array(sample.rows.prefix(1)))).text
        let addresses = text.matches(of: #/[a-z]+:\/\/[^"]*/#).map { String($0.output) }
        #expect(addresses == ["http://www.w3.org/2000/svg"], "a name space, not an address")
        #expect(!text.contains("url(") && !text.contains("@import"))
        #expect(text.contains("Content-Security-Policy"))
    }

    @Test func groupsHaveHeadingsAndSums() throws {
        var sample = TableSample()
        sample.layout.groupBy = [0]
        sample.layout.shown = [1, 2, 3]
        sample.rows = [("EUR", 1, 150), ("EUR", 2, -25), ("USD", 3, 7)].map { currency, count, cents in
            var row = sample.rows[0]
            row[0] = .string(currency)
            row[2] = .integer(Int64(count))
            row[3] = .decimal(ExactDecimal(isNegative: cents < 0, significand: UInt128(abs(cents)), exponent: -2))
            return row
        }
        let rows = try page(sample).rows
        #expect(
            rows.map { $0.joined(separator: "|") } == [
                "ACCOUNT|COUNT|CLOSING", "CURRENCY: EUR", "plain|1|1.50", "plain|2|-0.25", "Total EUR|1.25",
                "CURRENCY: USD", "plain|3|0.07", "Total USD|0.07", "Total|1.32",
            ])
    }

    @Test func sumsInTheFirstColumnHaveTheirLabelAbove() throws {
        var sample = TableSample()
        sample.layout.shown = [3, 1]
        #expect(try page(sample).rows.suffix(2).map(\.count) == [1, 2])
    }

    @Test func anEmptyReportSaysSo() throws {
        var sample = TableSample()
        sample.layout.charts = [.init(kind: .bar, title: "Bars", x: 0, y: [2])]
        sample.rows = []
        let page = try page(sample)
        #expect(page.texts.contains("No bookings."))
        #expect(page.rows.count == 1 && !page.tags.contains("svg"))
    }

    @Test func whenItWasReadStandsAtItsFoot() throws {
        let page = try page(TableSample())
        let asOf = TableSample().layout.asOfLine
        #expect(page.texts.last == "\(asOf) · finance/tb-2026-10 · 0b8f")
    }

    @Test func aChartIsDrawnAndSaidInWords() throws {
        var sample = TableSample()
        sample.layout.charts = [.init(kind: .line, title: "Share", x: 6, y: [4])]
        let page = try page(sample)
        #expect(page.tags.contains("polyline"))
        #expect(page.values.contains { $0.hasPrefix("Share. DAY: ") })
        sample.rows = (0..<500).map { sample.rows[$0 % 10] }
        sample.layout.rowCount = 500
        let large = try self.page(sample)
        #expect(!large.tags.contains("svg"))
        #expect(large.texts.contains { $0.contains("“Share”") && $0.contains("500") })
    }

    @Test func numbersStandAtTheRightAndForeignScriptsAsTheyRun() throws {
        let sample = TableSample()
        let text = try RenderedFile(HTMLRenderer.self, sample.layout, sample.list).text
        #expect(text.contains("<td align=\"right\" nowrap>-3</td>"))
        #expect(text.contains("<td dir=\"auto\">שלום עולם</td>"))
        #expect(text.contains("<html lang=\"en-US\">"))
    }

    @Test func aMailShowsTheFirstRows() throws {
        let sample = TableSample()
        let preview = try TablePreview(sample.layout, rows: sample.list, limit: 5)
        let file = try RenderedFile { descriptor in
            var sink = ByteSink(descriptor: descriptor)
            try sink.write(HTMLRenderer.preview(preview))
            try sink.flush()
        }
        let page = try HTMLPage(file)
        #expect(page.rows.count == 6)
        #expect(page.texts == ["The first 5 of \(sample.layout.count(sample.rows.count)) rows."])
        #expect(!page.tags.contains("style") && page.unbalanced.isEmpty)
    }
}
