import ReportLayout

/// What is above the table: title, subtitle and charts, on as many pages as they take.
struct FrontMatter {
    enum Item {
        case title(String, lineCount: Int)
        case subtitle(String, lineCount: Int)
        case chart(ChartDrawing)
        /// In the place of a chart that is left out.
        case sentence(String, lineCount: Int)
    }

    struct Placed {
        var item: Item
        var y: Double
    }

    /// The last is the one on which the table begins.
    private(set) var pages: [[Placed]] = [[]]
    /// Where what follows begins on it.
    private(set) var y = PageGeometry.top

    private let faces: PageFaces
    private let top: Double
    private let bottom: Double

    static let chartHeight = 190.0

    /// `top`: where pages but the first begin.
    init(
        _ layout: TableLayout, _ charts: [ChartData], _ faces: PageFaces, _ geometry: PageGeometry,
        _ painter: inout ChartPainter, top: Double, bottom: Double
    ) throws(RenderError) {
        self.faces = faces
        self.top = top
        self.bottom = bottom
        let title = faces.title.cut(PrintableText.paragraphs(layout.title), in: geometry.room, toLines: 4)
        var count = faces.title.lineCount(of: title, in: geometry.room)
        place(.title(title, lineCount: count), height: Double(count) * faces.title.leading + 2)
        if let long = layout.subtitle.map(PrintableText.paragraphs), !long.isEmpty {
            let subtitle = faces.subtitle.cut(long, in: geometry.room, toLines: 8)
            count = faces.subtitle.lineCount(of: subtitle, in: geometry.room)
            place(.subtitle(subtitle, lineCount: count), height: Double(count) * faces.subtitle.leading)
        }
        y += 12
        for (chart, data) in zip(layout.charts, charts) {
            if let long = data.sentence(chart, in: layout) {
                let sentence = faces.notes.cut(PrintableText.line(long), in: geometry.room, toLines: 4)
                count = faces.notes.lineCount(of: sentence, in: geometry.room)
                place(.sentence(sentence, lineCount: count), height: Double(count) * faces.notes.leading + 8)
            } else if !data.points.isEmpty {
                let drawing = try painter.drawing(
                    chart, data: data, layout: layout, width: geometry.room, height: Self.chartHeight)
                place(.chart(drawing), height: Self.chartHeight + 16)
            }
        }
        // A table that goes on sideways begins on a page without charts, and so does one of which too little would fit.
        let isSideways = geometry.columns.panels.count > 1 && !layout.charts.isEmpty
        if isSideways || bottom - y < 120 { breakPage() }
    }

    /// What is above the table on its first page; nothing when asked again.
    mutating func takeLast() -> [Placed] {
        defer { pages[pages.count - 1] = [] }
        return pages.last ?? []
    }

    private mutating func place(_ item: Item, height: Double) {
        if y + height > bottom, pages[pages.count - 1].isEmpty == false { breakPage() }
        pages[pages.count - 1].append(Placed(item: item, y: y))
        y += height
    }

    private mutating func breakPage() {
        pages.append([])
        y = top
    }
}
