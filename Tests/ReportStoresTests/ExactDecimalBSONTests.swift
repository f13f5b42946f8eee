import MongoClient
import ReportRecords
import Testing

@testable import ReportStores

struct ExactDecimalBSONTests {
    @Test(arguments: [
        "0", "-0", "10.50", "-1234.00", "9999999999999999999999999999999999", "1E+3", "0E-10", "1E-6176",
        "9.999999999999999999999999999999999E+6144",
    ])
    func hasTheDigitsThatTheDriverReads(text: String) throws {
        let value = try #require(BSONDecimal128(text))
        #expect(ExactDecimal(value) == ExactDecimal(value.description))
    }

    @Test(arguments: ["NaN", "Infinity", "-Infinity"])
    func whatIsNoNumberIsText(text: String) throws {
        let value = try #require(BSONDecimal128(text))
        #expect(ExactDecimal(value) == nil)
        #expect(ResultValue(.decimal128(value)) == .string(text))
    }

    /// Both 113-bit significands beyond 34 digits and those of the large form count as zero.
    @Test(arguments: [UInt64(0x3041_FFFF_FFFF_FFFF), 0x6C10_0000_0000_0000])
    func whatIsNotCanonicalIsZero(high: UInt64) {
        #expect(ExactDecimal(BSONDecimal128(high: high, low: .max))?.isZero == true)
    }
}
