import ReportLayout
import ReportRecords

/// Puts the lines of a report on its pages, in the same way when they are counted and when they are drawn.
struct PagePlan {
    typealias Flow = TableFlow<TableText.Content>

    private let text: TableText
    private let frame: PageFrame
    private let front: FrontMatter
    private let rowCount: Int

    init(_ text: TableText, _ frame: PageFrame, _ front: FrontMatter, rowCount: Int) {
        self.text = text
        self.frame = frame
        self.front = front
        self.rowCount = rowCount
    }

    func forEachEvent(_ rows: some RowSource, _ body: @escaping (Flow.Event) throws -> Void) throws {
        try forEachEvent(body) { take in try rows.forEachLine(of: text.layout) { try take(text.line($0)) } }
    }

    /// How many pages there will be.
    func count(_ rows: some RowSource) throws -> Int {
        var count = front.pages.count - 1
        var hasTable = false
        let panels = text.geometry.columns.panels.count
        let body = { (event: Flow.Event) in
            switch event {
            case .place(let line, _, _, _): hasTable = hasTable || line.role != .paragraph
            case .pageEnd:
                count += hasTable ? panels : 1
                hasTable = false
            }
        }
        if text.isEven, text.layout.groupBy.isEmpty {
            // All rows are alike: what is in them makes no difference.
            let row = text.line(.row([]))
            try forEachEvent(body) { take in
                for _ in 0..<rowCount { try take(row) }
                if text.layout.hasGrandTotal, rowCount > 0 { try take(text.line(.total(sums: [], count: rowCount))) }
            }
        } else {
            try forEachEvent(rows, body)
        }
        return count
    }

    private func forEachEvent(
        _ body: @escaping (Flow.Event) throws -> Void, table: ((Flow.Line) throws -> Void) throws -> Void
    ) throws {
        var flow = Flow(start: frame.start(below: front.y), top: frame.top, bottom: frame.bottom)
        try table { try flow.take($0, body) }
        if rowCount == 0 {
            try flow.take(text.paragraph(text.layout.empty, .row, padding: 8), body)
        }
        if let notes = text.layout.notes, !notes.isEmpty {
            try flow.take(text.paragraph(notes, .paragraph, padding: 16), body)
        }
        try flow.end(body)
    }
}
