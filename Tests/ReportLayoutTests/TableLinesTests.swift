import Calendars
import KubernetesModel
import ReportRecords
import Testing

@testable import ReportLayout

struct TableLinesTests {
    @Test func sumsAreExact() throws {
        var sum = DecimalSum()
        for text in ["0.10", "0.2", "-100", "9999999999999999999999999999999999"] {
            sum.add(.decimal(try #require(ExactDecimal(text))))
        }
        #expect(sum.value?.description == "9999999999999999999999999999999899.30")
    }
}
