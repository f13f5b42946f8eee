/// A table for people, as kubectl's: columns as wide as they need to be, three spaces apart.
struct TextTable: Sendable {
    struct Column: Sendable {
        var title: String
        var isRight = false
    }

    var columns: [Column]
    var rows: [[StyledText]] = []

    init(_ titles: String...) { columns = titles.map { Column(title: $0) } }

    init(columns: [Column]) { self.columns = columns }

    func lines(hasHeader: Bool = true) -> [StyledText] {
        let header = columns.map { StyledText($0.title, .strong) }
        let all = hasHeader ? [header] + rows : rows
        let widths = columns.indices.map { index in
            all.map { $0.indices.contains(index) ? $0[index].count : 0 }.max() ?? 0
        }
        return all.map { row in
            row.enumerated().reduce(StyledText("")) { line, cell in
                let (index, text) = cell
                let space: StyledText = index == 0 ? "" : "   "
                return line + space + text.padded(to: widths[index], isRight: columns[index].isRight)
            }
        }
    }

    func rendered(_ terminal: Terminal, hasHeader: Bool = true) -> String {
        lines(hasHeader: hasHeader).map { $0.rendered(color: terminal.usesColor) + "\n" }.joined()
    }
}
