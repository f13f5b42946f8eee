extension ChartDrawing {
    /// In points of 1/72 inch from the left upper corner, y downwards.
    package struct Point: Hashable, Sendable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Which end of a text is at its point.
    package enum Anchor: String, Hashable, Sendable, CaseIterable {
        case start, middle, end
    }

    package struct Text: Hashable, Sendable {
        package var text: String
        /// On the baseline.
        package var at: Point
        package var anchor: Anchor
        /// Of the font: a sans serif one.
        package var size: Double
        package var isBold: Bool
        package var role: Role
    }

    /// All that a chart is drawn with.
    package enum Shape: Hashable, Sendable {
        case line(from: Point, to: Point, width: Double, role: Role)
        /// Filled.
        case rectangle(at: Point, width: Double, height: Double, role: Role)
        /// Through all points, not closed, with round joins. `dashes`: lengths of line and gap in turn, none for a
        /// solid line.
        case polyline([Point], width: Double, dashes: [Double], role: Role)
        /// Closed and filled.
        case polygon([Point], role: Role)
        case text(Text)
    }
}
