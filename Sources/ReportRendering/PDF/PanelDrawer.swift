import ReportLayout
import ReportRecords

/// Draws a table's lines with the columns that stand side by side on one page.
struct PanelDrawer {
    let canvas: Canvas
    let text: TableText
    let panel: [Int]
    /// Whether these are the leftmost columns.
    let isFirst: Bool
    private let edges: [Double]
    private let end: Double

    private static let hairline = Canvas.Ink.grey(0.86)
    private static let rule = Canvas.Ink.grey(0.35)

    init(canvas: Canvas, text: TableText, panel: [Int], isFirst: Bool) {
        self.canvas = canvas
        self.text = text
        self.panel = panel
        self.isFirst = isFirst
        edges = text.geometry.edges(of: panel)
        end = text.geometry.end(of: panel)
    }

    private var faces: PageFaces { text.faces }
    private func width(_ place: Int) -> Double { text.geometry.columns.widths[place] }
    private func column(_ place: Int) -> TableColumn { text.layout.published[text.layout.shown[place]] }

    /// The titles stand on the rule above the lines, which begin at `y`.
    func drawColumnTitles(endingAt y: Double, _ lineCounts: [Int]) {
        let face = faces.columnTitle
        for (place, x) in zip(panel, edges) {
            let count = lineCounts[place]
            let baseline = y - 7 - Double(count - 1) * face.leading
            canvas.show(
                PrintableText.paragraphs(column(place).title), face, .text, at: column(place).kind.side, x: x,
                width: width(place), lines: 0..<count, baseline: baseline)
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
        for (place, x) in zip(panel, edges) {
            drawCell(row[text.layout.shown[place]], at: place, x: x, baseline, item.lines, faces.body)
        }
        guard item.hasHairline else { return }
        let bottom = item.y + TableText.rowPadding + Double(item.lines.count) * item.line.leading
        canvas.hairline(fromX: text.geometry.left, toX: end, y: bottom, Self.hairline)
    }

    private func drawCell(
        _ value: ResultValue, at place: Int, x: Double, _ baseline: Double, _ lines: Range<Int>, _ face: Typeface
    ) {
        let shown = text.text(value, of: text.layout.shown[place])
        guard !shown.text.isEmpty else { return }
        let ink = shown.isRed ? Canvas.Ink.alarm : .text
        let side = column(place).kind.side
        let right = x + width(place) - (side == .right ? text.inset(shown.text, at: place, face) : 0)
        if text.fits(shown.text, at: place, face) {
            guard lines.lowerBound == 0 else { return }
            canvas.show(shown.text, face, ink, at: side, x: side == .right ? right : x, baseline: baseline)
        } else {
            canvas.show(
                shown.text, face, ink, at: side, x: x, width: width(place), lines: lines, baseline: baseline)
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
            canvas.show("(continued)", faces.margin, .quiet, x: geometry.left + width + 5, baseline: last)
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
        // Where the label takes several lines, the sums stand beside its last.
        guard item.lines.upperBound == item.line.lineCount else { return }
        for (place, x) in zip(panel, edges) {
            guard let sum = sums[text.layout.shown[place]] else { continue }
            if !isLast { canvas.rule(fromX: x, toX: x + width(place), y: top, thickness: 0.5, Self.rule) }
            drawCell(sum, at: place, x: x, last, 0..<1, face)
        }
        guard isLast else { return }
        for y in [last + 4.5, last + 6.2] {
            canvas.rule(fromX: text.geometry.left, toX: end, y: y, thickness: 0.5, .text)
        }
    }
}

extension TableColumn.Kind {
    var side: Canvas.Side { isNumber ? .right : .left }
}
