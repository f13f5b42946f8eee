/// The one palette of the charts, so that page, mail and picture look alike.
package struct ChartColor: Hashable, Sendable {
    /// From 0 to 255.
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(_ hexadecimal: UInt32) {
        red = UInt8(truncatingIfNeeded: hexadecimal >> 16)
        green = UInt8(truncatingIfNeeded: hexadecimal >> 8)
        blue = UInt8(truncatingIfNeeded: hexadecimal)
    }

    /// Dark and light take turns, so that neighbours are told apart on a black-and-white printer as well; each stands out
    /// from white paper by three to one or more.
    package static let series = [0x1B3F63, 0xD67F22, 0x26766C, 0xC77CA0, 0x6B2C1F, 0x8F9B2E].map { ChartColor($0) }
}

extension ChartDrawing {
    /// What a shape is there for, which says its colour.
    package enum Role: Hashable, Sendable {
        case title
        /// Ticks, labels and legend.
        case label
        case grid
        /// The line of zero, and the ends of the drawing.
        case axis
        /// The first is 0.
        case series(Int)

        package var color: ChartColor {
            switch self {
            case .title: ChartColor(0x1A1A1A)
            case .label: ChartColor(0x4D4D4D)
            case .grid: ChartColor(0xDDDDDD)
            case .axis: ChartColor(0x808080)
            case .series(let place): ChartColor.series[place % ChartColor.series.count]
            }
        }
    }
}
