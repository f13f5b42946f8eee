import ReportRecords
import Testing

@testable import ReportLayout

struct ChartAxisTests {
    @Test(arguments: [
        ([0, 9.3], true, "0 2 4 6 8 10"),
        ([3, 47], true, "0 10 20 30 40 50"),
        ([-1234.5, 2000], true, "-2000 -1000 0 1000 2000"),
        ([-7, -3], true, "-8 -6 -4 -2 0"),
        // Close together: not from zero, or the line would be flat.
        ([97.1, 98.4], false, "97.0 97.5 98.0 98.5"),
        ([97.1, 98.4], true, "0 20 40 60 80 100"),
        // All the same, so the scale is from zero.
        ([12, 12, 12], false, "0 5 10 15"),
        ([5], true, "0 1 2 3 4 5"),
        ([0, 0], true, "0 0.2 0.4 0.6 0.8 1.0"),
        ([], true, "0 0.2 0.4 0.6 0.8 1.0"),
        ([0, 0.0000003], true, "0 0.0000001 0.0000002 0.0000003"),
        ([0, 4e15], true, "0 1000000000000000 2000000000000000 3000000000000000 4000000000000000"),
        // A tick's own value needs no further tick, though 0.1 is no double.
        ([0, 0.1 + 0.2], true, "0 0.1 0.2 0.3"),
    ])
    func ticksAreRoundNumbers(values: [Double], hasZero: Bool, ticks: String) {
        let axis = ChartAxis(values, hasZero: hasZero)
        #expect(axis.ticks.map(\.description).joined(separator: " ") == ticks)
    }

    @Test func wholeNumbersHaveWholeTicks() {
        #expect(ChartAxis([0, 1], hasZero: true, isWhole: true).ticks.map(\.description) == ["0", "1"])
    }

    @Test(arguments: [1e300, -1e300, 1e-280, 123_456_789, 1e17])
    func eachValueIsOnTheScale(value: Double) {
        let axis = ChartAxis([value, value / 3, 0], hasZero: true)
        #expect((0...1.0001).contains(axis.place(of: value)))
        #expect((3...12).contains(axis.ticks.count))
    }

    @Test func theLargestNumbersOfBothSignsHaveAScale() {
        let axis = ChartAxis([-1e300, 1e300], hasZero: true)
        #expect(axis.place(of: 0) == 0.5)
        #expect(axis.place(of: 1e300) <= 1)
    }

    /// The ticks say the numbers they stand at.
    @Test func aTickIsAtItsPlace() {
        let axis = ChartAxis([-3, 11], hasZero: true)
        #expect(axis.ticks.map { axis.place(of: $0) }.first == 0)
        #expect(axis.ticks.map { axis.place(of: $0) }.last == 1)
    }
}
