import ReportLayout
import ReportRecords

/// Draws the pages of a report as they fill: the contents of one are kept until it is full, no more.
final class PageComposer {
    typealias Line = TableFlow<TableText.Content>.Line

    struct Placed {
        var line: Line
        var lines: Range<Int>
        var y: Double
        var isRepeated: Bool
        /// Between two rows alone: sums have rules of their own, and a heading has none.
        var hasHairline = false
    }

    let document: PDFDocument
    let canvas: Canvas
    let text: TableText
    let frame: PageFrame
    private var painter: ChartPainter
    private var front: FrontMatter
    private var placed: [Placed] = []
    private var groups = GroupMarks()

    init(
        _ document: PDFDocument, _ canvas: Canvas, _ text: TableText, _ frame: PageFrame, _ front: FrontMatter,
        _ painter: ChartPainter
    ) {
        self.document = document
        self.canvas = canvas
        self.text = text
        self.frame = frame
        self.front = front
        self.painter = painter
    }

    /// Draws the pages that have nothing of the table.
    func begin() throws {
        for page in front.pages.dropLast() {
            try draw(page)
            try endPage()
        }
    }

    func take(_ event: TableFlow<TableText.Content>.Event) throws {
        switch event {
        case .place(let line, let lines, let y, let isRepeated):
            if line.role == .row, let last = placed.indices.last, placed[last].line.role == .row {
                placed[last].hasHairline = true
            }
            placed.append(Placed(line: line, lines: lines, y: y, isRepeated: isRepeated))
        case .pageEnd:
            try drawTable()
            placed.removeAll(keepingCapacity: true)
        }
    }

    /// The page, and those beside it.
    private func drawTable() throws {
        let hasTable = placed.contains { $0.line.role != .paragraph }
        let panels = text.geometry.columns.panels
        var front = front.takeLast()
        for (number, panel) in (hasTable ? panels : [panels[0]]).enumerated() {
            if number > 0 { front = [] }
            try draw(front)
            let drawer = PanelDrawer(canvas: canvas, text: text, panel: panel, isFirst: number == 0)
            if hasTable {
                let top = placed.first { $0.line.role != .paragraph }?.y ?? frame.top
                drawer.drawColumnTitles(endingAt: top, frame)
                if panels.count > 1 { frame.drawColumnRange(panel, canvas) }
            }
            for item in placed {
                if number == 0, case .table(.heading(let level, let column, let value)) = item.line.content {
                    groups.mark(
                        text.heading(column, value), level: level, y: item.y, isRepeated: item.isRepeated, document,
                        text.geometry)
                }
                drawer.draw(item)
            }
            try endPage()
        }
    }

    private func draw(_ items: [FrontMatter.Placed]) throws {
        if items.isEmpty || document.pageNumber > 1 { frame.drawHead(canvas) }
        let geometry = text.geometry
        for item in items {
            switch item.item {
            case .title(let title, let count):
                show(title, frame.faces.title, .text, count, y: item.y)
            case .subtitle(let subtitle, let count):
                show(subtitle, frame.faces.subtitle, .quiet, count, y: item.y)
            case .sentence(let sentence, let count):
                show(sentence, frame.faces.notes, .quiet, count, y: item.y)
            case .chart(let drawing):
                try painter.draw(drawing, x: geometry.left, y: item.y)
            }
        }
    }

    private func show(_ text: String, _ face: Typeface, _ ink: Canvas.Ink, _ count: Int, y: Double) {
        canvas.show(
            text, face, ink, x: frame.geometry.left, width: frame.geometry.room, lines: 0..<count,
            baseline: y + face.size)
    }

    private func endPage() throws(RenderError) {
        frame.drawFoot(canvas, page: document.pageNumber)
        canvas.flushHairlines()
        canvas.flush()
        try document.endPage()
    }
}
