package import ReportRecords

/// What a chart draws of the rows, in bounded memory. Charts are above the table, in every format.
package struct ChartData: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package var x: ResultValue
        /// One of each series.
        package var y: [ResultValue]
    }

    /// More can't be told apart, neither on a page nor on a screen.
    package static let limit = 400

    private let x: Int
    private let y: [Int]
    /// In the order of the rows; none where there are too many.
    package private(set) var points: [Point] = []
    package private(set) var rowCount = 0

    package init(_ chart: TableLayout.Chart) {
        x = chart.x
        y = chart.y
    }

    package mutating func take(_ row: [ResultValue]) {
        rowCount += 1
        guard rowCount <= Self.limit else {
            points = []
            return
        }
        points.append(Point(x: row[x].head(of: 60), y: y.map { row[$0] }))
    }

    package var isTooLarge: Bool { rowCount > Self.limit }
}

extension ResultValue {
    /// Not more of a text than that many characters: a label has no room for it.
    fileprivate func head(of count: Int) -> ResultValue {
        guard case .string(let text) = self else { return self }
        // By scalars, since one character may have any number of them.
        let head = text.unicodeScalars.prefix(count)
        return head.endIndex == text.unicodeScalars.endIndex ? self : .string(String(head) + "…")
    }
}

extension RowSource {
    /// The data of each of the layout's charts. Goes through the rows once, or not at all where there is no chart.
    package func chartData(of layout: TableLayout) throws -> [ChartData] {
        var data = layout.charts.map { ChartData($0) }
        guard !data.isEmpty else { return [] }
        try forEachRow { row in
            for place in data.indices { data[place].take(row) }
        }
        return data
    }
}
