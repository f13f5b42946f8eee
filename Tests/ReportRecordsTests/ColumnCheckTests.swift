import KubernetesModel
import ReportRecords
import Testing

/// What a reader is told of rows that aren't of their columns' types.
@Suite struct ColumnCheckTests {
    private func sentence(_ type: String?, _ values: ResultValue...) -> String? {
        var check = ColumnCheck([.init(name: "c", type: type)])
        for value in values { check.take([value]) }
        return check.sentence
    }

    private static let midnight: Int64 = 1_793_404_800_000  // 2026-10-31
    private static let money = ResultValue.decimal(ExactDecimal(significand: 1050, exponent: -2))

    @Test func valuesOfTheirColumnsTypesAreNoNews() {
        #expect(sentence("string", .string(""), .null) == nil)
        #expect(sentence("integer", .integer(.max), .null) == nil)
        #expect(sentence("decimal", Self.money, .integer(5), .null) == nil)
        #expect(sentence("double", .double(0.5), .integer(5), Self.money) == nil)
        #expect(sentence("number", .double(0.5)) == nil)
        #expect(sentence("boolean", .bool(true), .null) == nil)
        #expect(sentence("date", .date(milliseconds: Self.midnight), .null) == nil)
        #expect(sentence("month", .date(milliseconds: Self.midnight + 86_400_000)) == nil)
        #expect(sentence("timestamp", .date(milliseconds: Self.midnight + 1)) == nil)
        // A column without a type takes everything.
        #expect(sentence(nil, .string("x"), .double(1), .other("{}")) == nil)
    }

    static let misfits: [(String, ResultValue, String)] = [
        ("decimal", .double(10.5), "line 1, column c (decimal): 10.5 is a float"),
        ("decimal", .string("10.50"), "line 1, column c (decimal): 10.50 is a text"),
        ("integer", .string("seven"), "line 1, column c (integer): seven is a text"),
        ("integer", .double(7), "is a float"), ("integer", money, "is a decimal"),
        ("integer", .bool(true), "is a boolean"),
        ("date", .string("2026-10-31"), "line 1, column c (date): 2026-10-31 is a text"),
        ("date", .date(milliseconds: midnight + 1000), "has a time of day"),
        ("month", .date(milliseconds: midnight), "is not the first day of a month"),
        ("timestamp", .string("2026-10-31T13:45:00Z"), "is a text"),
        ("string", .integer(7), "is an integer"), ("boolean", .integer(1), "is an integer"),
        ("string", .other("{}"), "is of another type"), ("string", .date(milliseconds: 0), "is a date"),
    ]

    @Test(arguments: misfits) func otherValuesAreNamed(type: String, value: ResultValue, words: String) {
        let said = sentence(type, value)
        #expect(said?.hasPrefix("1 value isn't of its column's type: line 1, column c (\(type)): ") == true)
        #expect(said?.hasSuffix(words) == true)
    }

    @Test func theFirstIsNamedAndAllAreCounted() {
        var check = ColumnCheck(
            [.init(name: "account", type: "string"), .init(name: "closing", type: "decimal")], after: 500)
        check.take([.string("Cash"), Self.money])
        check.take([.string("Bank"), .double(10.5)])
        check.take([.string("Fees")])
        check.take([.integer(1), .bool(true), .null])
        #expect(check.count == 5)
        #expect(
            check.sentence
                == "5 values aren't of their columns' types; the first: line 502, column closing (decimal): 10.5 is a float"
        )
    }

    @Test func unknownTypesAreSaidBeforeAnyRow() {
        let said = ColumnCheck([.init(name: "sum", type: "money")]).sentence
        #expect(
            said
                == "1 value isn't of its column's type: column sum: money is not a type; types are string, integer, "
                + "decimal, date, month, timestamp, boolean")
    }

    @Test func whatIsLongIsShownShort() {
        let said = sentence("integer", .string(String(repeating: "x", count: 100_000)))
        #expect((said?.utf8.count ?? 0) < 160)
    }
}
