import ReportRecords

/// Puts a chart together from the outside in: title and legend above, labels at the left and below, and what is left for
/// the values.
struct ChartComposer {
    typealias Drawing = ChartDrawing

    let chart: TableLayout.Chart
    let data: ChartData
    let layout: TableLayout
    let width: Double
    let height: Double
    let measure: Drawing.Measure
    var shapes: [Drawing.Shape] = []

    var x: TableColumn { layout.published[chart.x] }
    var series: [TableColumn] { chart.y.map { layout.published[$0] } }
    /// One of each series for each point.
    var values: [[Double?]] { data.points.map { $0.y.map(\.plotted) } }

    mutating func compose() {
        var top = 0.0
        top = addTitle(from: top)
        top = series.count > 1 ? addLegend(from: top) : addCaption(from: top)
        let bottom = height - Drawing.labelSize * 2 * Drawing.lineHeight - 5
        // Room for half a label above the highest tick.
        let plot = addScale(top: top + Drawing.labelSize * 0.7, bottom: bottom)
        addPointLabels(plot)
        switch chart.kind {
        case .bar: addBars(plot)
        case .line: addLines(plot)
        }
        addZeroLine(plot)
    }

    /// Where the values are drawn.
    struct Plot {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double
        var axis: ChartAxis
        var count: Int

        var slot: Double { (right - left) / Double(max(1, count)) }

        /// The middle of a point's place.
        func x(_ point: Int) -> Double { left + slot * (Double(point) + 0.5) }
        func y(_ value: Double) -> Double { bottom - (bottom - top) * axis.place(of: value) }
    }

    mutating func add(
        _ text: String, x: Double, y: Double, anchor: Drawing.Anchor = .start, size: Double = Drawing.labelSize,
        isBold: Bool = false, role: Drawing.Role = .label
    ) {
        guard !text.isEmpty else { return }
        shapes.append(
            .text(.init(text: text, at: .init(x: x, y: y), anchor: anchor, size: size, isBold: isBold, role: role)))
    }

    func labelWidth(_ text: String) -> Double { measure(text, Drawing.labelSize, false) }
}

// MARK: - Above

extension ChartComposer {
    private mutating func addTitle(from top: Double) -> Double {
        var top = top
        let size = Drawing.titleSize
        let title = chart.title ?? series.map(\.title).joined(separator: ", ")
        for line in ChartText.wrapped(title, width: width, measure: { measure($0, size, true) }) {
            add(line, x: 0, y: top + size, size: size, isBold: true, role: .title)
            top += size * Drawing.lineHeight
        }
        return top + 2
    }

    /// What the values are, where there is one series and the title doesn't say.
    private mutating func addCaption(from top: Double) -> Double {
        guard let column = series.first, let title = chart.title, title != column.title else { return top }
        let text = ChartText.cut(column.title, width: width, measure: labelWidth)
        add(text, x: 0, y: top + Drawing.labelSize)
        return top + Drawing.labelSize * Drawing.lineHeight
    }

    private mutating func addLegend(from top: Double) -> Double {
        let size = Drawing.labelSize
        let swatch = size * 2
        var x = 0.0
        var baseline = top + size
        for (place, column) in series.enumerated() {
            let text = ChartText.cut(column.title, width: width - swatch - 4, measure: labelWidth)
            let item = swatch + 4 + labelWidth(text)
            if x > 0, x + item > width {
                x = 0
                baseline += size * 1.5
            }
            addSwatch(place, x: x, y: baseline - size * 0.35, length: swatch)
            add(text, x: x + swatch + 4, y: baseline)
            x += item + 14
        }
        return baseline + size * 0.5
    }

    private mutating func addSwatch(_ place: Int, x: Double, y: Double, length: Double) {
        switch chart.kind {
        case .bar:
            shapes.append(
                .rectangle(at: .init(x: x + length - 9, y: y - 4), width: 9, height: 8, role: .series(place)))
        case .line:
            let ends = [Drawing.Point(x: x, y: y), Drawing.Point(x: x + length, y: y)]
            shapes.append(
                .polyline(ends, width: 1.5, dashes: ChartMarks.dashes(place), role: .series(place)))
            shapes.append(
                .polygon(ChartMarks.marker(place, at: .init(x: x + length / 2, y: y)), role: .series(place)))
        }
    }
}
