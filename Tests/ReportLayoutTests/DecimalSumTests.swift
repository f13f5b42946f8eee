import ReportRecords
import Testing

@testable import ReportLayout

struct DecimalSumTests {
    private func sum(_ texts: String...) throws -> ResultValue? {
        var sum = DecimalSum()
        for text in texts { sum.add(.decimal(try #require(ExactDecimal(text)))) }
        return sum.value
    }

    @Test func noDigitIsLost() throws {
        #expect(
            try sum("0.10", "0.2", "-100", "9999999999999999999999999999999999")?.description
                == "9999999999999999999999999999999899.30")
        #expect(try sum("1.10", "1.1")?.description == "2.20")
        #expect(try sum("0.000", "5")?.description == "5.000")
        #expect(try sum("1E+3", "1")?.description == "1001")
        #expect(try sum("-0.5", "0.5")?.description == "0.0")
        #expect(try sum()?.description == "0")
    }

    @Test func whatNeedsMoreThan38DigitsIsStillExact() throws {
        let large = "99999999999999999999999999999999999999"
        #expect(try sum(large, large)?.description == "199999999999999999999999999999999999998")
        #expect(try sum("-\(large)", "-\(large)")?.description == "-199999999999999999999999999999999999998")
        #expect(
            try sum("9E+40", "0.0000000000000000000000000000000000000001")
                == .string("90000000000000000000000000000000000000000.0000000000000000000000000000000000000001"))
        #expect(try sum("1E+60", "0.25", "-1E+60")?.description == "0.25", "and comes back to less")
        #expect(try sum(large, "1", "-\(large)")?.description == "1")
        #expect(
            try sum("0.00000000000000000000000000000000000001", large, "-\(large)")?.description.hasSuffix("01") == true
        )
    }

    @Test func farApartHasNoExactSum() throws {
        #expect(try sum("1E+100", "1E-100") == nil)
        #expect(try sum("7E+6000") == nil)
        #expect(try sum("0E+6000", "0E-6000", "1")?.description == "1", "but zeros say nothing")
    }

    @Test func manyLongNumbersStayExact() throws {
        let number = try #require(ExactDecimal("9999999999999999999999999999999999"))
        var sum = DecimalSum()
        for _ in 0..<100_000 { sum.add(.decimal(number)) }
        #expect(sum.value == .string("999999999999999999999999999999999900000"))
        let negative = ExactDecimal(isNegative: true, significand: number.significand)
        for _ in 0..<100_000 { sum.add(.decimal(negative)) }
        #expect(sum.value?.description == "0")
    }

    @Test func otherValuesThanNumbersHaveNoSum() {
        for value in [ResultValue.string("7"), .bool(true), .date(milliseconds: 0), .double(.nan), .double(.infinity)] {
            var sum = DecimalSum()
            sum.add(.integer(1))
            sum.add(value)
            #expect(sum.value == nil)
        }
        var sum = DecimalSum()
        for value in [ResultValue.integer(.max), .integer(.max), .null, .double(0.1), .double(0.2)] { sum.add(value) }
        #expect(sum.value?.description == "18446744073709551614.3")
    }
}
