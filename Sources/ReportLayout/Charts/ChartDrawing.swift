import ReportRecords

/// A chart as shapes, which a page and a mail draw alike.
package struct ChartDrawing: Hashable, Sendable {
    package let width: Double
    package let height: Double
    /// In the order in which they are drawn.
    package private(set) var shapes: [Shape] = []

    /// How wide a text is in points at a font's size.
    package typealias Measure = (_ text: String, _ size: Double, _ isBold: Bool) -> Double

    static let labelSize = 8.0
    static let titleSize = 10.0
    static let lineHeight = 1.3

    /// Labels don't overlap where `measure` is that of the font that they are drawn in. `data` is of at most
    /// `ChartData.limit` rows: see `ChartData.sentence` for what is said otherwise.
    package init(
        _ chart: TableLayout.Chart, data: ChartData, layout: TableLayout, width: Double, height: Double,
        measure: Measure = { text, size, isBold in ChartText.estimatedWidth(text, size: size) * (isBold ? 1.1 : 1) }
    ) {
        self.width = width
        self.height = height
        // The closure doesn't leave this call, but a composer that holds it can't say so.
        shapes = withoutActuallyEscaping(measure) { measure in
            var composer = ChartComposer(
                chart: chart, data: data, layout: layout, width: width, height: height, measure: measure)
            composer.compose()
            return composer.shapes
        }
    }
}
