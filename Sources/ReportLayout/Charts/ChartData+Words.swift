import ReportRecords

extension ChartData {
    /// What is said in the chart's place where it is left out; nil where it is drawn. Without a row there is nothing to
    /// say: the report says that it is empty.
    package func sentence(_ chart: TableLayout.Chart, in layout: TableLayout) -> String? {
        guard isTooLarge else { return nil }
        let title = chart.title ?? chart.y.map { layout.published[$0].title }.joined(separator: ", ")
        return layout.locale.words.chartLeftOut(title, points: layout.count(rowCount), limit: layout.count(Self.limit))
    }

    /// The chart for who can't see it, in any language: what it shows, from where to where, and each series' lowest and
    /// highest value.
    package func words(_ chart: TableLayout.Chart, in layout: TableLayout) -> String {
        let x = layout.published[chart.x]
        func label(_ point: Point) -> String { x.format.text(of: point.x).text }
        var words = chart.title.map { "\($0). " } ?? ""
        if let first = points.first, let last = points.last {
            words += "\(x.title): \(label(first)) – \(label(last))."
        }
        for (place, column) in chart.y.enumerated() {
            let column = layout.published[column]
            let drawn = points.filter { $0.y[place].plotted != nil }
            guard let low = drawn.min(by: { $0.isBelow($1, at: place) }),
                let high = drawn.max(by: { $0.isBelow($1, at: place) })
            else {
                words += " \(column.title): \(layout.locale.words.noValues)."
                continue
            }
            let ends = [low, high].map { "\(column.format.text(of: $0.y[place]).text) (\(label($0)))" }
            words += " \(column.title): \(ends[0]) – \(ends[1])."
        }
        return words
    }
}

extension ChartData.Point {
    fileprivate func isBelow(_ other: Self, at place: Int) -> Bool {
        (y[place].plotted ?? 0) < (other.y[place].plotted ?? 0)
    }
}
