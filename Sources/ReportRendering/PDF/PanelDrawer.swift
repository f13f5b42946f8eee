import ReportLayout
import ReportRecords

/// Draws a table's lines with the columns that are side by side on one page.
struct PanelDrawer {
    let canvas: Canvas
    let text: TableText
    let panel: [Int]
    /// Whether these are the leftmost columns.
    let isFirst: Bool
    private let columns: [Column]
    private let end: Double

    private struct Column {
        /// Among all that are shown, and among those that were published.
        var place: Int
        var published: Int
        var left: Double
        var width: Double
        var side: Canvas.Side
    }

    private static let hairline = Canvas.Ink.grey(0.86)
    private static let rule = Canvas.Ink.grey(0.35)

    init(canvas: Canvas, text: TableText, panel: [Int], isFirst: Bool) {
        self.canvas = canvas
        self.text = text
        self.panel = panel
        self.isFirst = isFirst
        let geometry = text.geometry
        columns = zip(panel, geometry.edges(of: panel)).map { place, left in
            let published = text.layout.shown[place]
            return Column(
                place: place, published: published, left: left, width: geometry.columns.widths[place],
                side: text.layout.published[published].kind.isNumber ? .right : .left)
        }
        end = geometry.end(of: panel)
    }

    private var faces: PageFaces { text.faces }

    /// The titles are on the rule above the lines, which begin at `y`.
    func drawColumnTitles(endingAt y: Double, _ frame: PageFrame) {
        let face = faces.columnTitle
        for column in columns {
            let count = frame.columnTitleLines[column.place]
            canvas.show(
                frame.columnTitles[column.place], face, at: column.side,
                x: column.left, width: column.width, lines: 0..<count,
                baseline: y - 7 - Double(count - 1) * face.leading)
        }
        canvas.rule(fromX: text.geometry.left, toX: end, y: y - 2, thickness: 0.8, .text)
    }

    func draw(_ item: PageComposer.Placed) {
        switch item.line.content {
        case .paragraph(let paragraph):
            guard isFirst else { return }
            canvas.show(
                paragraph, faces.notes, .quiet, x: text.geometry.left, width: text.notesWidth, lines: item.lines,
                baseline: item.y + item.line.padding + faces.notes.size)
        case .table(.heading(let level, let column, let value)):
            drawHeading(item, level, text.heading(column, value))
        case .table(.row(let row)): drawRow(item, row)
        case .table(.subtotal(_, let column, let value, let sums, _)):
            drawSums(item, sums, label: "\(text.layout.locale.words.total) \(text.name(column, value))", isLast: false)
        case .table(.total(let sums, _)):
            drawSums(item, sums, label: text.layout.locale.words.total, isLast: true)
        }
    }

    private func drawRow(_ item: PageComposer.Placed, _ row: [ResultValue]) {
        let baseline = item.y + TableText.rowPadding / 2 + faces.body.size
        for column in columns { drawCell(row[column.published], column, baseline, item.lines, faces.body) }
        guard item.hasHairline else { return }
        let bottom = item.y + TableText.rowPadding + Double(item.lines.count) * item.line.leading
        canvas.hairline(fromX: text.geometry.left, toX: end, y: bottom, Self.hairline)
    }

    private func drawCell(
        _ value: ResultValue, _ column: Column, _ baseline: Double, _ lines: Range<Int>, _ face: Typeface
    ) {
        let shown = text.text(value, of: column.published)
        guard !shown.text.isEmpty else { return }
        let ink = shown.isRed ? Canvas.Ink.alarm : .text
        if text.fits(shown.text, at: column.place, face) {
            guard lines.lowerBound == 0 else { return }
            let x =
                column.side == .left
                ? column.left : column.left + column.width - text.inset(shown.text, at: column.place, face)
            canvas.show(shown.text, face, ink, at: column.side, x: x, baseline: baseline)
        } else {
            canvas.show(
                shown.text, face, ink, at: column.side, x: column.left, width: column.width, lines: lines,
                baseline: baseline)
        }
    }

    private func drawHeading(_ item: PageComposer.Placed, _ level: Int, _ heading: String) {
        let face = text.headingFace(level)
        let baseline = item.y + TableText.headingPadding(level) - 3 + face.size
        let geometry = text.geometry
        canvas.show(
            heading, face, .text, x: geometry.left, width: text.headingWidth, lines: item.lines, baseline: baseline)
        if item.isRepeated {
            let width = item.line.lineCount == 1 ? face.shape(heading, PrintableText.kind(of: heading)).width : 0
            let last = baseline + Double(item.lines.count - 1) * face.leading
            canvas.show(
                text.layout.locale.words.continued, faces.margin, .quiet, x: geometry.left + width + 5, baseline: last)
        }
    }

    private func drawSums(_ item: PageComposer.Placed, _ sums: [ResultValue?], label: String, isLast: Bool) {
        let face = faces.strong
        let top = item.y + 2
        let first = top + 2.5 + face.size
        let last = first + Double(item.lines.count - 1) * face.leading
        if isLast { canvas.rule(fromX: text.geometry.left, toX: end, y: top, thickness: 0.8, .text) }
        if let width = text.labelWidth(of: panel) {
            canvas.show(label, face, x: text.geometry.left, width: width, lines: item.lines, baseline: first)
        } else if isFirst {
            canvas.show(label, face, x: text.geometry.left, baseline: first)
        }
        // Where the label takes several lines, the sums are beside its last.
        guard item.lines.upperBound == item.line.lineCount else { return }
        for column in columns {
            guard let sum = sums[column.published] else { continue }
            if !isLast {
                canvas.rule(
                    fromX: column.left, toX: column.left + column.width, y: top, thickness: 0.5, Self.rule)
            }
            drawCell(sum, column, last, 0..<1, face)
        }
        guard isLast else { return }
        for y in [last + 4.5, last + 6.2] {
            canvas.rule(fromX: text.geometry.left, toX: end, y: y, thickness: 0.5, .text)
        }
    }
}
