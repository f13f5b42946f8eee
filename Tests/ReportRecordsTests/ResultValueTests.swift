import ReportRecords
import Testing

struct ResultValueTests {
    @Test(arguments: [
        ("10.50", "10.50"), ("-0.10", "-0.10"), ("1E+3", "1000"), ("1.25E+1", "12.5"), ("-1.25E+4", "-12500"),
        ("5E-7", "0.0000005"), ("1.5E-3", "0.0015"), ("0E-10", "0.0000000000"), ("0E+3", "0"), ("+7", "7"),
        ("1E+6000", "1E+6000"), ("9999999999999999999999999999999999", "9999999999999999999999999999999999"),
        ("0.1234567890123456789012345678901234", "0.1234567890123456789012345678901234"),
    ])
    func decimalsKeepEveryDigitAndLoseTheExponent(text: String, plain: String) {
        #expect(ExactDecimal(text)?.description == plain)
    }

    @Test(arguments: [
        "", "-", ".", "NaN", "Infinity", "1E", "1,5", "1.2.3", "0x10", "1E+99999999999999999999", " 1",
        "1E-9223372036854775808",
    ])
    func whatIsNoDecimalIsNone(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01"), (1_792_540_800_000, "2026-10-21"), (1_792_540_801_000, "2026-10-21T00:00:01Z"),
        (1_792_540_800_250, "2026-10-21T00:00:00.250Z"), (-86_400_000, "1969-12-31"),
        (-1, "1969-12-31T23:59:59.999Z"), (.max, "292278994-08-17T07:12:55.807Z"),
        (.min, "-292275055-05-16T16:47:04.192Z"),
    ])
    func midnightsAreDays(milliseconds: Int64, text: String) {
        #expect(ResultValue.date(milliseconds: milliseconds).description == text)
    }
}
