import ReportRecords

extension ChartData {
    /// What is said in the chart's place where it is left out; nil where it is drawn. Without a row there is nothing to
    /// say: the report says that it is empty.
    package func sentence(_ chart: TableLayout.Chart, in layout: TableLayout) -> String? {
        guard isTooLarge else { return nil }
        let title = chart.title ?? chart.y.map { layout.published[$0].title }.joined(separator: ", ")
        return "The chart “\(title)” is left out: it would have \(rowCount) points, and \(Self.limit) can be drawn."
    }

    /// The chart in words, for who can't see it: what it shows, and each series' lowest and highest value.
    package func words(_ chart: TableLayout.Chart, in layout: TableLayout) -> String {
        let x = layout.published[chart.x]
        var words = chart.kind == .bar ? "Bar chart" : "Line chart"
        if let title = chart.title { words += ": \(title)" }
        words += ". \(points.count) \(points.count == 1 ? "point" : "points")"
        if let first = points.first, let last = points.last {
            words += ", \(x.title) from \(x.format.text(of: first.x).text) to \(x.format.text(of: last.x).text)"
        }
        words += "."
        for (place, column) in chart.y.enumerated() {
            let column = layout.published[column]
            let drawn = points.filter { $0.y[place].plotted != nil }
            guard let low = drawn.min(by: { $0.isBelow($1, at: place) }),
                let high = drawn.max(by: { $0.isBelow($1, at: place) })
            else {
                words += " \(column.title): no values."
                continue
            }
            let ends = [low, high].map { point in
                "\(column.format.text(of: point.y[place]).text) (\(x.format.text(of: point.x).text))"
            }
            words += " \(column.title): lowest \(ends[0]), highest \(ends[1])."
        }
        return words
    }
}

extension ChartData.Point {
    fileprivate func isBelow(_ other: Self, at place: Int) -> Bool {
        (y[place].plotted ?? 0) < (other.y[place].plotted ?? 0)
    }
}
