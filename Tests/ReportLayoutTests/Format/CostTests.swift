import Calendars
import ReportRecords
import TestSupport
import Testing

@testable import ReportLayout

struct CostTests {
    /// Held loosely, since the machine is shared and the build unoptimised: a code read again for each value, or digits
    /// divided one by one with 128 bits, would be far above it.
    @Test func aValueCostsMicroseconds() throws {
        let format = ValueFormat(
            code: try FormatCode("#,##0.00;(#,##0.00)"), kind: .decimal, locale: .american, zone: .utc)
        let values = (0..<10_000).map {
            ResultValue.decimal(ExactDecimal(significand: UInt128($0) * 7_919, exponent: -3))
        }
        var bytes = 0
        let begin = ProcessorTime.ofThisThread
        for value in values { bytes += format.text(of: value).text.utf8.count }
        let time = ProcessorTime.ofThisThread - begin
        #expect(bytes > 0)
        #expect(time < .milliseconds(1500), "\(time)")
    }
}
