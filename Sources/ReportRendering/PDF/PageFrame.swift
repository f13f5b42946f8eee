import ReportLayout

/// What is on every page: its head, the columns' titles and the foot.
struct PageFrame {
    let layout: TableLayout
    let faces: PageFaces
    let geometry: PageGeometry
    let columnTitles: [String]
    /// Of each column's title.
    let columnTitleLines: [Int]
    /// Of all pages.
    var pageCount = 0

    private let head: String
    private let foot: String
    private let footLines: Int
    private static let footMargin = 26.0
    /// A title that takes more is cut, with an ellipsis.
    private static let mostTitleLines = 6

    init(_ layout: TableLayout, _ faces: PageFaces, _ geometry: PageGeometry) {
        self.layout = layout
        self.faces = faces
        self.geometry = geometry
        columnTitles = zip(layout.columns, geometry.columns.widths).map { column, width in
            faces.columnTitle.cut(
                PrintableText.paragraphs(column.title), in: width, toLines: Self.mostTitleLines)
        }
        columnTitleLines = zip(columnTitles, geometry.columns.widths).map {
            faces.columnTitle.lineCount(of: $0, in: $1)
        }
        head = faces.margin.cut(
            PrintableText.line(layout.title), in: geometry.room - Self.pageRoom, toLines: 1)
        let identity = layout.identity
        foot = PrintableText.line(
            [layout.asOfLine, "\(identity.namespace)/\(identity.pipeline ?? identity.name)", identity.reportID]
                .joined(separator: "  ·  "))
        footLines = faces.margin.lineCount(of: foot, in: geometry.room - Self.pageRoom)
    }

    /// For `Page 10,000 of 10,000`.
    private static let pageRoom = 110.0

    private var titleHeight: Double { Double(columnTitleLines.max() ?? 1) * faces.columnTitle.leading + 8 }
    /// Where a table's lines begin on a page without a title.
    var top: Double { PageGeometry.top + faces.margin.leading + 10 + titleHeight }
    /// Where a page without a title begins.
    var bareTop: Double { PageGeometry.top + faces.margin.leading + 10 }
    /// Where a table's lines begin below something.
    func start(below y: Double) -> Double { y + titleHeight }
    /// Where the lines end.
    var bottom: Double { geometry.height - Self.footMargin - Double(footLines) * faces.margin.leading - 12 }

    func drawHead(_ canvas: Canvas) {
        canvas.show(
            head, faces.margin, .quiet, x: geometry.left, width: geometry.room - Self.pageRoom, lines: 0..<1,
            baseline: PageGeometry.top + faces.margin.size)
    }

    /// Which columns these are, where others are on the pages beside it.
    func drawColumnRange(_ panel: [Int], _ canvas: Canvas) {
        guard let last = panel.last else { return }
        let first = panel.first { $0 > 0 } ?? 0
        let from = panel.count > 1 && first == 1 ? 1 : first + 1
        canvas.show(
            layout.locale.words.columns(from, to: last + 1, of: layout.shown.count), faces.margin, .quiet, at: .right,
            x: geometry.right,
            baseline: PageGeometry.top + faces.margin.size)
    }

    func drawFoot(_ canvas: Canvas, page: Int) {
        let leading = faces.margin.leading
        let last = geometry.height - Self.footMargin
        let first = last - Double(footLines - 1) * leading
        canvas.rule(
            fromX: geometry.left, toX: geometry.right, y: first - faces.margin.size - 4, thickness: 0.4, .grey(0.75))
        canvas.show(
            foot, faces.margin, .quiet, x: geometry.left, width: geometry.room - Self.pageRoom, lines: 0..<footLines,
            baseline: first)
        canvas.show(
            PrintableText.line(layout.locale.words.page(page, of: pageCount)), faces.margin, .quiet, at: .right,
            x: geometry.right, baseline: first)
    }
}
