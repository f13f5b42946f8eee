internal import CXlsxWriter
import Glibc
import ReportLayout
import ReportRecords

/// The charts, on a sheet of their own behind the table.
///
/// Their values are the table's cells where these are one below the other; else, as in groups, they are written
/// beside the charts.
struct WorkbookCharts {
    private let table: WorkbookTable
    private let layout: TableLayout
    private let sheet: WorkbookSheet
    /// The next free column of the sheet.
    private var column: UInt16 = 0

    /// The sentences about charts that are left out.
    static func remarks(_ data: [ChartData], _ layout: TableLayout) -> [String] {
        zip(layout.charts, data).compactMap { $1.sentence($0, in: layout) }
    }

    static func add(_ data: [ChartData], of table: WorkbookTable, to file: WorkbookFile) throws(RenderError) {
        let drawn = zip(table.layout.charts, data).filter { !$1.points.isEmpty }
        guard !drawn.isEmpty else { return }
        var charts = WorkbookCharts(
            table: table, layout: table.layout, sheet: try file.addSheet(named: "Charts"))
        try charts.add(drawn.map { ($0, $1) }, to: file)
    }

    /// Cells of one column, one below the other.
    private struct Cells {
        var sheet: WorkbookSheet
        var header: UInt32
        var column: UInt16
    }

    private mutating func add(
        _ charts: [(chart: TableLayout.Chart, data: ChartData)], to file: WorkbookFile
    ) throws(RenderError) {
        try sheet.beginRow(0)
        sheet.write(CellText(layout.title), 0, table.styles.title)
        var cells: [[Cells]] = []
        for (chart, _) in charts {
            let series = [chart.x] + chart.y
            if let own = inTable(series) {
                cells.append(own)
            } else {
                cells.append(series.indices.map { Cells(sheet: sheet, header: 2, column: column + UInt16($0)) })
                column += UInt16(series.count) + 1
            }
        }
        try writeValues(charts, cells)
        for (place, (chart, data)) in charts.enumerated() {
            let drawing = try drawing(chart, data, cells[place], in: file)
            var options = lxw_chart_options()
            (options.x_scale, options.y_scale) = (1.5, 1.2)
            // Twenty pixels a row: the chart has 346, and there is some space between two.
            worksheet_insert_chart_opt(sheet.pointer, 2 + UInt32(place) * 19, column, drawing, &options)
        }
        table.setPrint(sheet, isLandscape: column > 0)
    }

    /// The table's own columns, if its rows are not parted.
    private func inTable(_ places: [Int]) -> [Cells]? {
        guard layout.groupBy.isEmpty, table.pages.count == 1, let header = table.pages[0].headerRow else { return nil }
        let columns = places.compactMap { place in table.columns.firstIndex { $0.place == place } }
        guard columns.count == places.count else { return nil }
        return columns.map { Cells(sheet: table.pages[0].sheet, header: header, column: UInt16($0)) }
    }

    /// Row by row, as the library must have them.
    private func writeValues(
        _ charts: [(chart: TableLayout.Chart, data: ChartData)], _ cells: [[Cells]]
    ) throws(RenderError) {
        let own = zip(charts, cells).filter { $1[0].sheet === sheet }
        guard !own.isEmpty else { return }
        try sheet.beginRow(2)
        for (chart, cells) in own {
            for (place, cells) in zip([chart.chart.x] + chart.chart.y, cells) {
                let style = table.columns.first { $0.place == place }?.header ?? table.styles.subtitle
                sheet.write(CellText(layout.published[place].title), Int(cells.column), style)
                sheet.setWidth(14, column: Int(cells.column))
            }
        }
        for row in 0..<(own.map(\.0.data.points.count).max() ?? 0) {
            try sheet.beginRow(3 + UInt32(row))
            for (chart, cells) in own where row < chart.data.points.count {
                let point = chart.data.points[row]
                for (place, (value, cells)) in zip([point.x] + point.y, cells).enumerated() {
                    let column = ([chart.chart.x] + chart.chart.y)[place]
                    let style = table.columns.first { $0.place == column }?.plain
                    switch axisValue(value, layout.published[column]) {
                    case .number(let number): sheet.write(number, Int(cells.column), style)
                    case .text(let text): sheet.write(CellText(text), Int(cells.column), nil)
                    case nil: break
                    }
                }
            }
        }
    }

    private enum AxisValue {
        case number(Double)
        case text(String)
    }

    private func axisValue(_ value: ResultValue, _ column: TableColumn) -> AxisValue? {
        switch value {
        case .null: return nil
        case .integer, .decimal, .double: return value.plotted.map { .number($0) }
        case .date(let milliseconds):
            let date =
                column.kind == .timestamp
                ? CellNumber.moment(milliseconds: milliseconds, in: layout.zone)
                : column.kind == .date || column.kind == .month ? CellNumber.day(milliseconds: milliseconds) : nil
            return date.map { .number($0) } ?? .text(column.format.text(of: value).text)
        case .string(let text):
            return CellNumber.date(text, as: column.kind, in: layout.zone).map { .number($0) } ?? .text(text)
        case .bool, .other: return .text(column.format.text(of: value).text)
        }
    }

    // The library's chart

    private func drawing(
        _ chart: TableLayout.Chart, _ data: ChartData, _ cells: [Cells], in file: WorkbookFile
    ) throws(RenderError) -> UnsafeMutablePointer<lxw_chart> {
        let drawing = try file.addChart(chart.kind == .bar ? LXW_CHART_COLUMN : LXW_CHART_LINE)
        if let title = chart.title { chart_title_set_name(drawing, Self.name(title)) } else { chart_title_off(drawing) }
        chart_axis_set_name(drawing.pointee.x_axis, Self.name(layout.published[chart.x].title))
        let count = UInt32(data.points.count)
        for (place, column) in chart.y.enumerated() {
            guard let series = chart_add_series(drawing, nil, nil) else {
                throw RenderError(.library, "libxlsxwriter has no memory for a chart")
            }
            let (x, y) = (cells[0], cells[place + 1])
            chart_series_set_categories(series, x.sheet.name, x.header + 1, x.column, x.header + count, x.column)
            chart_series_set_values(series, y.sheet.name, y.header + 1, y.column, y.header + count, y.column)
            chart_series_set_name_range(series, y.sheet.name, y.header, y.column)
            let title = layout.published[column].title
            Self.fill(series.pointee.title.range, [.text(title)], isText: true)
            let categories = data.points.map { axisValue($0.x, layout.published[chart.x]) }
            Self.fill(
                series.pointee.categories, categories,
                isText: categories.contains { if case .text = $0 { true } else { false } })
            Self.fill(series.pointee.values, data.points.map { $0.y[place].plotted.map { .number($0) } }, isText: false)
            paint(series, chart.kind, ChartColor.series[place % ChartColor.series.count])
        }
        let styles = table.columns.filter { $0.column.kind != .string }
        if let x = styles.first(where: { $0.place == chart.x }) {
            chart_axis_set_num_format(drawing.pointee.x_axis, x.code)
        }
        if let y = styles.first(where: { $0.place == chart.y.first }) {
            chart_axis_set_num_format(drawing.pointee.y_axis, y.code)
        }
        // Not across the bars below zero.
        chart_axis_set_label_position(drawing.pointee.x_axis, UInt8(LXW_CHART_AXIS_LABEL_POSITION_LOW.rawValue))
        chart_legend_set_position(
            drawing, UInt8((chart.y.count > 1 ? LXW_CHART_LEGEND_BOTTOM : LXW_CHART_LEGEND_NONE).rawValue))
        return drawing
    }

    private func paint(
        _ series: UnsafeMutablePointer<lxw_chart_series>, _ kind: TableLayout.Chart.Kind, _ color: ChartColor
    ) {
        let rgb = UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
        if kind == .bar {
            var fill = lxw_chart_fill()
            fill.color = rgb
            chart_series_set_fill(series, &fill)
        } else {
            var line = lxw_chart_line()
            (line.color, line.width) = (rgb, 2)
            chart_series_set_line(series, &line)
            // A value between two that are missing would not be seen.
            chart_series_set_marker_type(series, UInt8(LXW_CHART_MARKER_CIRCLE.rawValue))
            chart_series_set_marker_size(series, 4)
            var fill = lxw_chart_fill()
            fill.color = rgb
            chart_series_set_marker_fill(series, &fill)
            chart_series_set_marker_line(series, &line)
        }
    }

    /// The library takes what begins with `=` for a formula.
    private static func name(_ text: String) -> String {
        let text = text.onOnePlainLine
        return text.hasPrefix("=") ? " \(text)" : text
    }

    /// Gives a range its values, for a reader that doesn't calculate: the library can't read them back from a sheet
    /// whose rows are on the disk. It frees them.
    private static func fill(
        _ range: UnsafeMutablePointer<lxw_series_range>, _ values: [AxisValue?], isText: Bool
    ) {
        guard let list = range.pointee.data_cache else { return }
        range.pointee.ignore_cache = 1
        range.pointee.has_string_cache = isText ? 1 : 0
        for value in values {
            guard let raw = calloc(1, MemoryLayout<lxw_series_data_point>.size) else { return }
            let point = raw.bindMemory(to: lxw_series_data_point.self, capacity: 1)
            switch value {
            case .number(let number): point.pointee.number = number
            case .text(let text):
                point.pointee.is_string = 1
                point.pointee.string = strdup(text.onOnePlainLine)
            case nil: point.pointee.no_data = 1
            }
            list.pointee.stqh_last.pointee = point
            withUnsafeMutablePointer(to: &point.pointee.list_pointers.stqe_next) { list.pointee.stqh_last = $0 }
            range.pointee.num_data_points += 1
        }
    }
}
