import Calendars
import KubernetesModel
import ReportRecords
import Testing

@testable import ReportLayout

struct ChartDrawingTests {
    private typealias Chart = ChartFixture

    @Test func eachBarBeginsAtZero() throws {
        let drawing = Chart(.bar, [("a", [10]), ("b", [-5]), ("c", [0]), ("d", [nil])]).drawing()
        let bars = drawing.rectangles
        try #require(bars.count == 2, "zero has no height, and a null is a gap")
        #expect(bars[0].bottom.isClose(bars[1].top), "one goes up and one down")
        #expect(bars[0].height.isClose(bars[1].height * 2))
        let zero = try #require(drawing.lines.last { $0.role == .axis })
        #expect(zero.from.y.isClose(bars[0].bottom))
    }

    @Test func barsOfAGroupStandSideBySide() throws {
        let bars = Chart(.bar, [("a", [1, 2, 3]), ("b", [4, 5, 6])], legend: true).drawing().rectangles
        try #require(bars.count == 3 + 6, "the legend has one of each")
        #expect(bars.suffix(6).map(\.role) == [.series(0), .series(1), .series(2), .series(0), .series(1), .series(2)])
        for (left, right) in zip(bars.suffix(6), bars.suffix(5)) {
            #expect(left.at.x + left.width <= right.at.x + 0.001)
        }
    }

    @Test func aNullBreaksTheLine() {
        let drawing = Chart(
            .line, [("a", [1]), ("b", [2]), ("c", [nil]), ("d", [3]), ("e", [nil]), ("f", [4]), ("g", [5])]
        )
        .drawing()
        #expect(drawing.polylines.map(\.count) == [2, 2], "and what stands alone is a marker")
        #expect(drawing.polygons == 5)
    }

    @Test func onePointIsAMarkerInTheMiddle() {
        let drawing = Chart(.line, [("a", [5])]).drawing()
        #expect(drawing.polylines.isEmpty)
        #expect(drawing.polygons == 1)
    }

    @Test(arguments: TableLayout.Chart.Kind.allCases)
    func withoutValuesItSaysSo(kind: TableLayout.Chart.Kind) {
        #expect(Chart(kind, [("a", [nil]), ("b", [nil])]).drawing().texts.contains { $0.text == "No values" })
        #expect(!Chart(kind, [("a", [0]), ("b", [0])]).drawing().texts.contains { $0.text == "No values" })
    }

    /// A label that overlaps its neighbour can't be read.
    @Test(arguments: 1...400)
    func labelsDoNotOverlap(count: Int) {
        let points = (1...count).map { ("October \($0)", [Double?.some(Double($0))]) }
        let labels = Chart(.bar, points).drawing().texts.filter { $0.text.hasPrefix("October") }
        #expect(labels.first?.text == "October 1")
        #expect(labels.count == min(count, labels.count) && !labels.isEmpty)
        for (left, right) in zip(labels, labels.dropFirst()) {
            #expect(left.right < right.left, "\(left.text), \(right.text)")
        }
    }

    @Test(arguments: TableLayout.Chart.Kind.allCases)
    func nothingIsOutsideTheDrawing(kind: TableLayout.Chart.Kind) {
        let samples: [[(String, [Double?])]] = [
            [("a", [1e300, -1e300])], [("a", [1e-300, .leastNonzeroMagnitude])], [("a", [0, 0])], [("a", [nil, nil])],
            (1...400).map { (String(repeating: "long ", count: 40) + "\($0)", [Double($0), -Double($0 * $0)]) },
            [("", [123_456_789_012, 98_765_432_109])],
        ]
        for points in samples {
            let drawing = Chart(kind, points, legend: true).drawing()
            for point in drawing.corners {
                #expect((-0.01...drawing.width + 0.01).contains(point.x), "\(points.first?.0 ?? "")")
                #expect((-0.01...drawing.height + 0.01).contains(point.y), "\(points.first?.0 ?? "")")
            }
        }
    }

    @Test func aLongTitleIsWrapped() {
        var chart = Chart(.bar, [("a", [1])])
        chart.layout.charts[0].title = String(repeating: "Hours between failures ", count: 10)
        let titles = chart.drawing().texts.filter { $0.role == .title }
        #expect(titles.count > 1)
        #expect(titles.map(\.text).joined(separator: " ") + " " == chart.layout.charts[0].title)
    }

    @Test func ticksAreWrittenAsTheColumnIs() throws {
        var chart = Chart(.bar, [("a", [10_000])])
        chart.layout.published[1].format = ValueFormat(
            code: try FormatCode("#,##0.00"), kind: .decimal, locale: chart.layout.locale, zone: .utc)
        let text = chart.layout.published[1].format.text(of: .decimal(ExactDecimal(10_000))).text
        #expect(chart.drawing().texts.contains { $0.text == text })
    }

    @Test func theSameInputGivesTheSameShapes() {
        let chart = Chart(.line, (0..<50).map { ("\($0)", [Double($0 % 7), Double($0 % 5)]) })
        #expect(chart.drawing() == chart.drawing())
    }
}
