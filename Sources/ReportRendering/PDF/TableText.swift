import ReportLayout
import ReportRecords

/// The texts of a table's lines as a page shows them, and the room that they take.
struct TableText {
    typealias Line = TableFlow<Content>.Line

    enum Content {
        case table(TableLine)
        case paragraph(String)
    }

    let layout: TableLayout
    let faces: PageFaces
    let geometry: PageGeometry
    private let needs: [ColumnNeed]
    private let formats: [ValueFormat]
    /// Columns of which some text may take more than a line.
    private let breaking: [Int]

    /// Heights besides the text's lines: a row, a group's heading, sums, the last sums.
    static let rowPadding = 3.5
    static func headingPadding(_ level: Int) -> Double { level == 0 ? 11 : 7 }
    static let sumPadding = 9.0
    static let totalPadding = 14.0

    init(_ layout: TableLayout, _ faces: PageFaces, _ geometry: PageGeometry, _ needs: [ColumnNeed]) {
        self.layout = layout
        self.faces = faces
        self.geometry = geometry
        self.needs = needs
        formats = layout.published.map(\.format)
        let widths = geometry.columns.widths
        let scale = geometry.columns.scale
        breaking = needs.indices.filter { needs[$0].hasBreaks || needs[$0].natural * scale > widths[$0] + 0.01 }
    }

    /// Whether all rows are of one height.
    var isEven: Bool { breaking.isEmpty }

    func text(_ value: ResultValue, of column: Int) -> ValueFormat.Text {
        var text = formats[column].text(of: value)
        text.text = PrintableText.paragraphs(text.text)
        return text
    }

    /// Whether the text takes one line in the column at that place.
    func fits(_ text: String, at place: Int, _ face: Typeface) -> Bool {
        !breaking.contains(place)
            || (!text.utf8.contains(UInt8(ascii: "\n"))
                && face.estimatedWidth(of: text) <= geometry.columns.widths[place] + 0.01)
    }

    /// How far a text ends before the column's right edge, so that the digits of all are aligned.
    func inset(_ text: String, at place: Int, _ face: Typeface) -> Double {
        needs[place].hasParentheses && text.utf8.last != UInt8(ascii: ")") ? face.advance(")") : 0
    }

    func line(_ line: TableLine) -> Line {
        let content = Content.table(line)
        let leading = faces.body.leading
        switch line {
        case .heading(let level, let column, let value):
            let face = headingFace(level)
            return Line(
                role: .heading(level: level), content: content,
                lineCount: face.lineCount(of: heading(column, value), in: headingWidth), leading: face.leading,
                padding: Self.headingPadding(level))
        case .row(let row):
            return Line(
                role: .row, content: content, lineCount: lineCount(row), leading: leading, padding: Self.rowPadding)
        case .subtotal(let level, let column, let value, _, _):
            let count = labelLineCount("\(layout.locale.words.total) \(name(column, value))")
            return Line(
                role: .sum(level: level), content: content, lineCount: count, leading: leading, padding: Self.sumPadding
            )
        case .total:
            return Line(
                role: .total, content: content, lineCount: labelLineCount(layout.locale.words.total), leading: leading,
                padding: Self.totalPadding)
        }
    }

    func paragraph(_ text: String, _ role: TableFlow<Content>.Role, padding: Double) -> Line {
        let text = PrintableText.paragraphs(text)
        let count = faces.notes.lineCount(of: text, in: notesWidth)
        return Line(
            role: role, content: .paragraph(text), lineCount: count, leading: faces.notes.leading, padding: padding)
    }

    func headingFace(_ level: Int) -> Typeface { level == 0 ? faces.heading : faces.strong }
    /// Beside it there is room to say that the group is continued.
    var headingWidth: Double { geometry.room - 70 }
    var notesWidth: Double { min(geometry.room, 480) }

    /// `Currency  EUR`
    func heading(_ column: Int, _ value: ResultValue) -> String {
        "\(PrintableText.line(layout.published[column].title))  \(name(column, value))"
    }

    /// A group's value, as its heading and its sums call it.
    func name(_ column: Int, _ value: ResultValue) -> String {
        let text = PrintableText.line(layout.published[column].format.text(of: value).text)
        return text.isEmpty ? layout.locale.words.noGroup : text
    }

    /// How many columns of a panel, from its left, have no sum: the label is there.
    func labelColumns(of panel: [Int]) -> Int {
        panel.firstIndex { layout.published[layout.shown[$0]].total == .sum } ?? panel.count
    }

    /// nil where there is no room beside the sums.
    func labelWidth(of panel: [Int]) -> Double? {
        let count = labelColumns(of: panel)
        return count == 0 ? nil : geometry.end(of: Array(panel.prefix(count))) - geometry.left
    }

    private func lineCount(_ row: [ResultValue]) -> Int {
        breaking.reduce(1) { count, place in
            let column = layout.shown[place]
            let text = text(row[column], of: column).text
            if fits(text, at: place, faces.body) { return count }
            return max(count, faces.body.lineCount(of: text, in: geometry.columns.widths[place]))
        }
    }

    /// Where the first column has a sum, the label is on a line of its own above it.
    private func labelLineCount(_ label: String) -> Int {
        let panels = geometry.columns.panels
        let counts = panels.compactMap(labelWidth(of:)).map { faces.strong.lineCount(of: label, in: $0) }
        return panels.first.flatMap(labelWidth(of:)) == nil ? 1 + (counts.max() ?? 1) : counts.max() ?? 1
    }
}
