extension ChartComposer {
    /// Side by side, a group for each point.
    mutating func addBars(_ plot: Plot) {
        let zero = plot.y(0)
        let group = min(plot.slot * 0.76, 60 * Double(series.count))
        let bar = group / Double(max(1, series.count))
        for (point, values) in values.enumerated() {
            for (place, value) in values.enumerated() {
                guard let value, value != 0 else { continue }
                let end = plot.y(value)
                // A hair's breadth between the bars of a group, where there is room for it.
                let gap = bar > 4 && series.count > 1 ? 0.6 : 0
                shapes.append(
                    .rectangle(
                        at: .init(x: plot.x(point) - group / 2 + bar * Double(place) + gap / 2, y: min(end, zero)),
                        width: bar - gap, height: abs(end - zero), role: .series(place)))
            }
        }
    }

    /// Broken where a value is missing; a single value is a marker.
    mutating func addLines(_ plot: Plot) {
        let values = values
        for place in series.indices {
            var pieces: [[Drawing.Point]] = [[]]
            for (point, row) in values.enumerated() {
                if let value = row[place] {
                    pieces[pieces.count - 1].append(.init(x: plot.x(point), y: plot.y(value)))
                } else if pieces.last?.isEmpty == false {
                    pieces.append([])
                }
            }
            for piece in pieces where piece.count > 1 {
                shapes.append(
                    .polyline(piece, width: 1.5, dashes: ChartMarks.dashes(place), role: .series(place)))
            }
            for piece in pieces where piece.count == 1 || values.count <= ChartMarks.mostMarkers {
                shapes += piece.map { .polygon(ChartMarks.marker(place, at: $0), role: .series(place)) }
            }
        }
    }
}
