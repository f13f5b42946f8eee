import Glibc
import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

/// What holds for each of the renderers of text.
struct TextRenderersTests {
    enum Format: CaseIterable {
        case csv, json, html

        var renderer: any ReportRenderer.Type {
            switch self {
            case .csv: CSVRenderer.self
            case .json: JSONRenderer.self
            case .html: HTMLRenderer.self
            }
        }
    }

    @Test(arguments: Format.allCases)
    func theSameInputGivesTheSameBytes(format: Format) throws {
        var sample = TableSample()
        sample.layout.charts = [.init(kind: .bar, title: "Bars", x: 0, y: [2, 3])]
        let first = try RenderedFile(format.renderer, sample.layout, sample.list).bytes
        #expect(first == (try RenderedFile(format.renderer, sample.layout, sample.list).bytes))
    }

    @Test(arguments: Format.allCases)
    func aFullDiskIsAnError(format: Format) throws {
        let sample = TableSample()
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        for rows in [RowList([]), sample.list] {
            #expect {
                try format.renderer.render(sample.layout, rows: rows, to: full)
            } throws: { ($0 as? RenderError)?.kind == .cannotWrite }
        }
    }

    /// Nothing is held: while the last rows are made, those before them are in the file.
    @Test(arguments: Format.allCases)
    func rowsLeaveAsTheyCome(format: Format) throws {
        var sample = TableSample()
        sample.layout.shown = [1, 3]
        let count = 100_000
        let samples = sample.rows
        var sizes: [Int] = []
        let file = try RenderedFile { descriptor in
            let rows = MadeRows(count: count) { place in
                if place == count / 2 || place == count - 1 {
                    var status = stat()
                    fstat(descriptor, &status)
                    sizes.append(Int(status.st_size))
                }
                return samples[place % 40]
            }
            try format.renderer.render(sample.layout, rows: rows, to: descriptor)
        }
        let size = file.bytes.count
        try #require(sizes.count == 2 && size > 1_000_000)
        #expect(size - sizes[1] < 70_000, "no more than one piece")
        #expect(abs(size / 2 - sizes[0]) < 70_000)
    }

    /// The reader of the rows may fail, and only its error says why.
    @Test(arguments: Format.allCases)
    func theSourcesErrorIsThrown(format: Format) throws {
        let sample = TableSample()
        #expect(throws: BrokenRows.Gone.self) {
            _ = try RenderedFile(format.renderer, sample.layout, BrokenRows(row: sample.rows[0]))
        }
    }

    private struct BrokenRows: RowSource {
        struct Gone: Error {}
        let row: [ResultValue]

        func forEachRow(_ body: ([ResultValue]) throws -> Void) throws {
            try body(row)
            throw Gone()
        }
    }
}
