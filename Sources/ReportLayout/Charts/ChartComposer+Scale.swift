import ReportRecords

extension ChartComposer {
    /// The ticks, their labels and the grid.
    mutating func addScale(top: Double, bottom: Double) -> Plot {
        let numbers = values.flatMap { $0.compactMap(\.self) }
        let bottom = max(bottom, top + 20)
        let axis = ChartAxis(
            numbers, hasZero: chart.kind == .bar, isWhole: series.allSatisfy { $0.kind == .integer },
            steps: min(8, max(2, Int((bottom - top) / 30))))
        let ticks = axis.ticks
        let labels = tickLabels(ticks)
        let left = min(width * 0.5, (labels.map(labelWidth).max() ?? 0) + 6)
        let plot = Plot(left: left, right: width, top: top, bottom: bottom, axis: axis, count: data.points.count)
        for (tick, label) in zip(ticks, labels) {
            let y = plot.y(tick.double)
            shapes.append(
                .line(from: .init(x: plot.left, y: y), to: .init(x: plot.right, y: y), width: 0.5, role: .grid))
            add(label, x: plot.left - 6, y: y + Drawing.labelSize * 0.35, anchor: .end)
        }
        if numbers.isEmpty {
            add(layout.locale.words.noValues, x: (plot.left + plot.right) / 2, y: (top + bottom) / 2, anchor: .middle)
        }
        return plot
    }

    /// As the column's values are written. Where its code has too few places to tell the ticks apart, or too many digits
    /// for the room, as numbers are without a code, and last with an exponent.
    private func tickLabels(_ ticks: [ExactDecimal]) -> [String] {
        guard let format = series.first?.format else { return [] }
        let plain = ValueFormat(code: nil, kind: .decimal, locale: layout.locale, zone: layout.zone)
        for format in [format, plain] {
            let labels = ticks.map { format.text(of: .decimal($0)).text }
            if Set(labels).count == labels.count, labels.allSatisfy({ labelWidth($0) <= width * 0.2 }) {
                return labels
            }
        }
        return ticks.map { tick in
            let text = "\(tick.double)".replacing(".0e", with: "e").replacing("e+", with: "E").replacing("e", with: "E")
            return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text).replacing(
                ".", with: layout.locale.decimalPoint)
        }
    }

    /// Those of the points, few enough not to overlap, and the column's title.
    mutating func addPointLabels(_ plot: Plot) {
        let size = Drawing.labelSize
        let baseline = plot.bottom + size * Drawing.lineHeight
        let widest = min(110, width * 0.25)
        let labels = data.points.map { point in
            ChartText.cut(x.format.text(of: point.x).text.firstLine, width: widest, measure: labelWidth)
        }
        let room = (labels.map(labelWidth).max() ?? 0) + size * 0.8
        let each = max(1, Int((room / plot.slot).rounded(.up)))
        var end = -Double.infinity
        for point in stride(from: 0, to: labels.count, by: each) {
            let half = labelWidth(labels[point]) / 2
            let middle = max(half, min(width - half, plot.x(point)))
            // At the ends of the drawing a label is beside its point, where another may be.
            guard middle - half > end + size * 0.4 else { continue }
            end = middle + half
            add(labels[point], x: middle, y: baseline, anchor: .middle)
            if each > 1 {
                shapes.append(
                    .line(
                        from: .init(x: plot.x(point), y: plot.bottom), to: .init(x: plot.x(point), y: plot.bottom + 2),
                        width: 0.5, role: .axis))
            }
        }
        let title = ChartText.cut(x.title, width: width, measure: labelWidth)
        add(title, x: (plot.left + plot.right) / 2, y: baseline + size * Drawing.lineHeight, anchor: .middle)
    }

    /// Above the bars, so that one sees where they begin; the foot of the drawing where zero isn't on the scale.
    mutating func addZeroLine(_ plot: Plot) {
        let y = plot.axis.lowest <= 0 && plot.axis.highest >= 0 ? plot.y(0) : plot.bottom
        shapes.append(
            .line(from: .init(x: plot.left, y: y), to: .init(x: plot.right, y: y), width: 0.8, role: .axis))
    }
}

extension String {
    /// One line of it: a label has no room for more.
    fileprivate var firstLine: String { split(whereSeparator: \.isNewline).first.map(String.init) ?? "" }
}
