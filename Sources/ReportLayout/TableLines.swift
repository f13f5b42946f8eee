package import ReportRecords

/// Makes the lines of a table from its rows, one after another: the groups' headings and sums come in between.
///
/// Rows are grouped as they come: a value that comes again later begins a group again. The sums are exact.
package struct TableLines {
    private let groupBy: [Int]
    private let summed: [Int]
    private let width: Int
    private let hasGrandTotal: Bool
    /// The sums of the whole table, then those of each open group.
    private var sums: [[DecimalSum]]
    private var counts: [Int]
    private var group: [ResultValue]?

    package init(_ layout: TableLayout) {
        groupBy = layout.groupBy
        summed = layout.shown.filter { layout.published[$0].total == .sum }
        width = layout.published.count
        hasGrandTotal = layout.hasGrandTotal
        sums = Array(repeating: Array(repeating: DecimalSum(), count: summed.count), count: groupBy.count + 1)
        counts = Array(repeating: 0, count: groupBy.count + 1)
    }

    /// Hands out the lines that a row makes, in order; the last is the row itself.
    package mutating func take(_ row: [ResultValue], _ body: (TableLine) throws -> Void) rethrows {
        if !groupBy.isEmpty {
            let values = groupBy.map { row[$0] }
            let firstChanged =
                group.map { zip($0, values).enumerated().first { $1.0 != $1.1 }?.offset ?? values.count } ?? 0
            try close(from: firstChanged, body)
            for level in firstChanged..<values.count {
                try body(.heading(level: level, column: groupBy[level], value: values[level]))
            }
            if firstChanged < values.count { group = values }
        }
        for level in counts.indices {
            counts[level] += 1
            for (place, column) in summed.enumerated() { sums[level][place].add(row[column]) }
        }
        try body(.row(row))
    }

    /// Hands out the lines after the last row.
    package mutating func end(_ body: (TableLine) throws -> Void) rethrows {
        try close(from: 0, body)
        if hasGrandTotal, counts[0] > 0 { try body(.total(sums: line(0), count: counts[0])) }
    }

    /// Ends the open groups down to that level, the innermost first.
    private mutating func close(from level: Int, _ body: (TableLine) throws -> Void) rethrows {
        guard let group else { return }
        for inner in stride(from: groupBy.count - 1, through: level, by: -1) {
            if !summed.isEmpty {
                try body(
                    .subtotal(
                        level: inner, column: groupBy[inner], value: group[inner], sums: line(inner + 1),
                        count: counts[inner + 1]))
            }
            counts[inner + 1] = 0
            sums[inner + 1] = Array(repeating: DecimalSum(), count: summed.count)
        }
    }

    private func line(_ level: Int) -> [ResultValue?] {
        var line = [ResultValue?](repeating: nil, count: width)
        for (place, column) in summed.enumerated() { line[column] = sums[level][place].value }
        return line
    }
}

extension RowSource {
    /// All the lines of the table, in order.
    package func forEachLine(of layout: TableLayout, _ body: (TableLine) throws -> Void) throws {
        var lines = TableLines(layout)
        try forEachRow { try lines.take($0, body) }
        try lines.end(body)
    }
}

/// What a table has below its header, line by line.
package enum TableLine: Hashable, Sendable {
    /// Begins a group; level 0 is the outermost. The value is the group's.
    case heading(level: Int, column: Int, value: ResultValue)
    case row([ResultValue])
    /// Ends a group: the sums stand at the places of `published`, nil where a column has none. `count`: its rows.
    case subtotal(level: Int, column: Int, value: ResultValue, sums: [ResultValue?], count: Int)
    /// The end of the table, where a column has a total.
    case total(sums: [ResultValue?], count: Int)
}
