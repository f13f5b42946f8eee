import Calendars
import KubernetesModel
import ReportRecords

@testable import ReportLayout

/// A chart "Hours" of the column `x` and one column for each value.
struct ChartFixture {
    var layout: TableLayout
    var data: ChartData

    init(_ kind: TableLayout.Chart.Kind, _ points: [(String, [Double?])], legend: Bool = false) {
        let locale = ReportLocale.american
        func column(_ name: String, _ kind: TableColumn.Kind) -> TableColumn {
            TableColumn(
                name: name, title: name, kind: kind,
                format: ValueFormat(code: nil, kind: kind, locale: locale, zone: .utc))
        }
        let series = points.first?.1.count ?? 1
        let published = [column("x", .string)] + (1...series).map { column("y\($0)", .double) }
        layout = TableLayout(
            identity: ReportIdentity(
                reportID: "r", namespace: "n", name: "n", attempt: 1, publishedAt: Timestamp(seconds: 0),
                asOf: Timestamp(seconds: 0)),
            title: "T", empty: "No rows.", locale: locale, zone: .utc, zoneName: "UTC", pageSize: .a4,
            published: published, shown: Array(published.indices), groupBy: [],
            charts: [.init(kind: kind, title: "Hours", x: 0, y: Array(1...series))], rowCount: points.count)
        data = ChartData(layout.charts[0])
        for (label, values) in points {
            data.take([.string(label)] + values.map { $0.map { .double($0) } ?? .null })
        }
    }

    func drawing(width: Double = 480, height: Double = 200) -> ChartDrawing {
        ChartDrawing(layout.charts[0], data: data, layout: layout, width: width, height: height)
    }
}

extension Double {
    func isClose(_ other: Double) -> Bool { abs(self - other) < 0.001 }
}

extension ChartDrawing {
    struct Rectangle {
        var at: Point
        var width: Double
        var height: Double
        var role: Role
        var top: Double { at.y }
        var bottom: Double { at.y + height }
    }

    struct Line {
        var from: Point
        var to: Point
        var role: Role
    }

    var rectangles: [Rectangle] {
        shapes.compactMap {
            if case .rectangle(let at, let width, let height, let role) = $0 {
                Rectangle(at: at, width: width, height: height, role: role)
            } else {
                nil
            }
        }
    }

    var lines: [Line] {
        shapes.compactMap {
            if case .line(let from, let to, _, let role) = $0 { Line(from: from, to: to, role: role) } else { nil }
        }
    }

    var texts: [Text] { shapes.compactMap { if case .text(let text) = $0 { text } else { nil } } }

    var polylines: [[Point]] {
        shapes.compactMap { if case .polyline(let points, _, _, _) = $0 { points } else { nil } }
    }

    var polygons: Int { shapes.filter { if case .polygon = $0 { true } else { false } }.count }

    /// The corners of all that is drawn.
    var corners: [Point] {
        shapes.flatMap { shape -> [Point] in
            switch shape {
            case .line(let from, let to, _, _): [from, to]
            case .rectangle(let at, let width, let height, _):
                [at, Point(x: at.x + width, y: at.y + height)]
            case .polyline(let points, _, _, _), .polygon(let points, _): points
            case .text(let text):
                [Point(x: text.left, y: text.at.y - text.size * 0.7), Point(x: text.right, y: text.at.y)]
            }
        }
    }
}

extension ChartDrawing.Text {
    private var width: Double { ChartText.estimatedWidth(text, size: size) * (isBold ? 1.1 : 1) }
    var left: Double { anchor == .start ? at.x : anchor == .middle ? at.x - width / 2 : at.x - width }
    var right: Double { left + width }
}
