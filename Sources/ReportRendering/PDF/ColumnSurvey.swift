import ReportLayout
import ReportRecords

/// Goes once through all rows to see how wide the columns want to be.
struct ColumnSurvey {
    private(set) var needs: [ColumnNeed]
    private(set) var charts: [ChartData]
    private(set) var rowCount = 0
    private let layout: TableLayout
    private let faces: PageFaces
    private let formats: [ValueFormat]

    /// Wider texts are broken, however much room there is: longer lines read badly.
    private static let longestLine = 64.0

    init(_ layout: TableLayout, rows: some RowSource, _ faces: PageFaces) throws {
        self.layout = layout
        self.faces = faces
        formats = layout.published.map(\.format)
        charts = layout.charts.map { ChartData($0) }
        needs = Array(repeating: ColumnNeed(), count: layout.shown.count)
        try rows.forEachLine(of: layout) { line in
            switch line {
            case .heading: break
            case .row(let row):
                rowCount += 1
                for chart in charts.indices { charts[chart].take(row) }
                for (place, column) in layout.shown.enumerated() { add(row[column], at: place, column, faces.body) }
            case .subtotal(_, _, _, let sums, _), .total(let sums, _):
                for (place, column) in layout.shown.enumerated() {
                    if let sum = sums[column] { add(sum, at: place, column, faces.strong) }
                }
            }
        }
        for place in needs.indices { needs[place].end(faces.body) }
    }

    private mutating func add(_ value: ResultValue, at place: Int, _ column: Int, _ face: Typeface) {
        let isText =
            switch value {
            case .string, .other: true
            case .null, .bool, .integer, .double, .decimal, .date: false
            }
        needs[place].add(formats[column].text(of: value).text, isText: isText, face)
    }

    var wishes: [ColumnPlan.Wish] {
        var wishes = columnWishes
        if layout.hasTotals, !wishes.isEmpty {
            // The sums' label is there, and none of its words is broken.
            let label = faces.strong.widestWord(of: layout.locale.words.total)
            wishes[0].least = max(wishes[0].least, label)
            wishes[0].pleasant = max(wishes[0].pleasant, label)
            wishes[0].natural = max(wishes[0].natural, label)
        }
        return wishes
    }

    private var columnWishes: [ColumnPlan.Wish] {
        let character = faces.body.advance("0")
        return zip(layout.columns, needs).map { column, need in
            let title = PrintableText.paragraphs(column.title)
            let titleWidth = faces.columnTitle.exactWidth(of: title)
            let titleWord = min(faces.columnTitle.widestWord(of: title), 20 * character)
            let text = min(need.natural, Self.longestLine * character)
            let word = min(need.word, text, 32 * character)
            // Half of the title and a little, since its words don't break in the middle.
            let pleasantTitle = max(titleWord, min(titleWidth * 0.6, 16 * character))
            if let width = column.width {
                let wanted = max(Double(width) * character, titleWord, column.kind == .string ? 0 : word)
                return ColumnPlan.Wish(natural: wanted, pleasant: wanted, least: min(wanted, max(word, titleWord)))
            }
            let most = min(text, max(need.average(faces.body) * 1.8, 18 * character, word))
            let least = min(text, max(word, 7 * character))
            return ColumnPlan.Wish(
                natural: max(text, min(titleWidth, 40 * character)), pleasant: max(most, pleasantTitle),
                least: max(least, min(titleWord, 12 * character)))
        }
    }
}
