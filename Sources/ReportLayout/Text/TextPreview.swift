import ReportRecords

/// A preview as plain text: aligned columns, at most 78 wide as mails are.
package enum TextPreview {
    package static let width = 78
    /// A text column is cut no shorter.
    private static let leastText = 10
    private static let gap = "  "

    /// Lines end in a line feed. Empty for a report without rows: see the layout's `empty`.
    package static func text(of preview: TablePreview) -> String {
        guard !preview.lines.isEmpty else { return "" }
        let lines = preview.lines.flatMap { Self.lines(of: $0, in: preview.layout) }
        let widths = Self.widths(preview.layout, lines)
        var text =
            preview.layout.columns.indices.prefix(widths.count).map {
                padded(preview.layout.columns[$0].title.onOneLine, to: widths[$0], isRight: isRight($0, preview.layout))
            }.joined(separator: gap).trimmed + "\n"
        text += widths.map { String(repeating: "-", count: $0) }.joined(separator: gap) + "\n"
        for line in lines {
            switch line {
            case .whole(let words): text += words + "\n"
            case .cells(let row):
                text +=
                    zip(widths.indices, widths).map { column, width in
                        padded(row[column], to: width, isRight: isRight(column, preview.layout))
                    }.joined(separator: gap).trimmed + "\n"
            }
        }
        let sentences = preview.sentences(columns: widths.count)
        return text + (sentences.isEmpty ? "" : "\n" + sentences.joined(separator: "\n") + "\n")
    }

    private enum TextLine {
        /// A heading, or the label of sums that have no room before them.
        case whole(String)
        case cells([String])
    }

    private static func lines(of line: TableLine, in layout: TableLayout) -> [TextLine] {
        func indent(_ level: Int) -> String { String(repeating: " ", count: 2 * level) }
        switch line {
        case .heading(let level, let column, let value):
            return [.whole(""), .whole(indent(level) + layout.heading(column: column, value: value).onOneLine)]
        case .row(let row):
            return [.cells(layout.shown.map { layout.published[$0].format.text(of: row[$0]).text.onOneLine })]
        case .subtotal(let level, let column, let value, let sums, _):
            return sumLines(
                sums, label: indent(level) + layout.subtotalLabel(column: column, value: value).onOneLine, in: layout)
        case .total(let sums, _):
            return sumLines(sums, label: layout.locale.words.total, in: layout)
        }
    }

    /// The label is in the first column, or on a line of its own where that one has a sum.
    private static func sumLines(_ sums: [ResultValue?], label: String, in layout: TableLayout) -> [TextLine] {
        var cells = layout.shown.map { place in
            let column = layout.published[place]
            guard column.total == .sum else { return "" }
            // What has no exact sum gets none that is wrong.
            return sums[place].map { column.format.text(of: $0).text.onOneLine } ?? "–"
        }
        guard let first = layout.columns.first, first.total != .sum, !first.kind.isNumber else {
            return [.whole(label), .cells(cells)]
        }
        cells[0] = label
        return [.cells(cells)]
    }

    private static func isRight(_ column: Int, _ layout: TableLayout) -> Bool {
        layout.columns[column].kind.isNumber
    }

    /// Of the first columns, as many as have room; texts are cut for that, the widest first, numbers never.
    private static func widths(_ layout: TableLayout, _ lines: [TextLine]) -> [Int] {
        var widths = layout.columns.map(\.title.onOneLine.cells)
        for case .cells(let row) in lines {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.cells) }
        }
        func isTooWide() -> Bool { widths.reduce(0, +) + gap.count * (widths.count - 1) > width }
        while isTooWide() {
            let texts = widths.indices.filter { !isRight($0, layout) && widths[$0] > leastText }
            if let widest = texts.max(by: { widths[$0] < widths[$1] }) {
                widths[widest] -= 1
            } else if widths.count > 1 {
                widths.removeLast()
            } else {
                break
            }
        }
        return widths
    }

    private static func padded(_ text: String, to width: Int, isRight: Bool) -> String {
        let text = text.cells > width && !isRight ? text.prefix(cells: width - 1) + "…" : Substring(text)
        let pad = String(repeating: " ", count: max(0, width - text.cells))
        return isRight ? pad + text : text + pad
    }
}

extension String {
    /// Without spaces at its end.
    fileprivate var trimmed: String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
