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

    /// Cuts the widest of some columns until a line is `width` long, or each of them has got to its least.
    mutating func fit(_ shrinking: [Int], to width: Int) {
        let least = 8
        var widths = self.widths(hasHeader: true)
        var excess = widths.reduce(0, +) + 3 * (columns.count - 1) - width
        while excess > 0, let widest = shrinking.max(by: { widths[$0] < widths[$1] }), widths[widest] > least {
            widths[widest] -= 1
            excess -= 1
        }
        for row in rows.indices {
            for column in shrinking where rows[row].indices.contains(column) {
                rows[row][column] = rows[row][column].cut(to: widths[column])
            }
        }
    }

    private func widths(hasHeader: Bool) -> [Int] {
        let all = hasHeader ? [columns.map { StyledText($0.title) }] + rows : rows
        return columns.indices.map { index in
            all.map { $0.indices.contains(index) ? $0[index].count : 0 }.max() ?? 0
        }
    }

    func lines(hasHeader: Bool = true) -> [StyledText] {
        let header = columns.map { StyledText($0.title, .strong) }
        let all = hasHeader ? [header] + rows : rows
        let widths = widths(hasHeader: hasHeader)
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
