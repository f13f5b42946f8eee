/// What tells lines apart where colours can't.
enum ChartMarks {
    /// Above that many points the markers would be all that is seen.
    static let mostMarkers = 60

    /// A disc, square, triangle or diamond.
    static func marker(_ series: Int, at centre: ChartDrawing.Point) -> [ChartDrawing.Point] {
        let corners: [(Double, Double)] =
            switch series % 4 {
            // Eight corners look round at this size.
            case 0: [(2.4, 1), (1, 2.4), (-1, 2.4), (-2.4, 1), (-2.4, -1), (-1, -2.4), (1, -2.4), (2.4, -1)]
            case 1: [(-2.2, -2.2), (2.2, -2.2), (2.2, 2.2), (-2.2, 2.2)]
            case 2: [(0, -2.8), (2.7, 2), (-2.7, 2)]
            default: [(0, -3), (3, 0), (0, 3), (-3, 0)]
            }
        return corners.map { .init(x: centre.x + $0.0, y: centre.y + $0.1) }
    }

    /// Of line and gap; none for a solid line.
    static func dashes(_ series: Int) -> [Double] {
        [[], [5, 2], [1.5, 1.5], [7, 2, 1.5, 2]][series % 4]
    }
}
