import ReportRecords
import Testing

@testable import ReportLayout

struct ChartDataTests {
    @Test func beyondTheLimitTheChartIsLeftOutAndSaysSo() throws {
        var chart = ChartFixture(.bar, (1...400).map { ("\($0)", [Double($0)]) })
        #expect(chart.data.points.count == 400)
        #expect(chart.data.sentence(chart.layout.charts[0], in: chart.layout) == nil)
        chart = ChartFixture(.bar, (1...401).map { ("\($0)", [Double($0)]) })
        #expect(chart.data.points.isEmpty, "nothing is held that isn't drawn")
        #expect(
            chart.data.sentence(chart.layout.charts[0], in: chart.layout)
                == "The chart “Hours” is left out: it would have 401 points, and 400 can be drawn.")
    }

    @Test func aLabelHoldsNoWholeBook() throws {
        let chart = ChartFixture(.bar, [(String(repeating: "x", count: 100_000), [1])])
        #expect(chart.data.points[0].x == .string(String(repeating: "x", count: 60) + "…"))
    }

    @Test func wordsTellWhatIsSeen() {
        let chart = ChartFixture(.line, [("January", [3, nil]), ("February", [nil, nil]), ("March", [-2, nil])])
        #expect(
            chart.data.words(chart.layout.charts[0], in: chart.layout)
                == "Hours. x: January – March. y1: -2 (March) – 3 (January). y2: No values.")
    }

    @Test(arguments: [
        (ResultValue.integer(3), Double?.some(3)), (.double(-0.5), -0.5),
        (.decimal(ExactDecimal(isNegative: true, significand: 123, exponent: -2)), -1.23),
        (.double(.nan), nil), (.double(.infinity), nil), (.double(1e301), nil), (.null, nil), (.string("7"), nil),
        (.bool(true), nil), (.decimal(ExactDecimal(significand: 1, exponent: 6000)), nil),
    ])
    func onlyNumbersThatFitAreDrawn(value: ResultValue, number: Double?) { #expect(value.plotted == number) }

    /// Dark and light next to each other, and each against the paper.
    @Test func thePaletteSurvivesABlackAndWhitePrinter() {
        let light = ChartColor.series.map(\.luminance)
        for (left, right) in zip(light, light.dropFirst() + light.prefix(1)) {
            #expect((max(left, right) + 0.05) / (min(left, right) + 0.05) > 1.6)
        }
        for light in light { #expect(1.05 / (light + 0.05) > 3) }
    }
}

extension ChartColor {
    /// Relative luminance, as WCAG defines it, with the power 2.4 taken by steps.
    fileprivate var luminance: Double {
        func linear(_ value: UInt8) -> Double {
            // Of sRGB: near enough for a comparison.
            let share = Double(value) / 255
            return share * share * (0.305306011 * share + 0.682171111) + 0.012522878 * share
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
