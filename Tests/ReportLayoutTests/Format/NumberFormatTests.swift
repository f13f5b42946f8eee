import Calendars
import ReportRecords
import Testing

@testable import ReportLayout

/// What Excel and LibreOffice show for these codes and numbers.
struct NumberFormatTests {
    /// Excel's own documentation of number-format codes, and LibreOffice asked (7.4) about the rest.
    static let shown: [(code: String, value: String, text: String)] = [
        ("####.#", "1234.59", "1234.6"), ("#.000", "8.9", "8.900"), ("0.#", ".631", "0.6"), ("#.0#", "12", "12.0"),
        ("#.0#", "1234.568", "1234.57"), ("#,###", "12000", "12,000"), ("#,", "12000", "12"),
        ("0.0,,", "12200000", "12.2"), (#"$0.00" Surplus";$-0.00" Shortage""#, "125.74", "$125.74 Surplus"),
        (#"$0.00" Surplus";$-0.00" Shortage""#, "-125.74", "$-125.74 Shortage"),
        // Zeros and places that may be empty.
        ("00000", "42", "00042"), ("0#", "5", "05"), ("#", "0", ""), ("#,###", "0", ""), ("#.##", "0.5", ".5"),
        (".00", "12.5", "12.50"), (".00", "0.5", ".50"), ("0.0#0", "1.2", "1.200"), ("#,##0.0#", "1234.5", "1,234.5"),
        ("0000,000", "1234", "0,001,234"), ("0.#", "5", "5."),
        // Groups.
        ("#,##0", "1", "1"), ("#,##0", "999", "999"), ("#,##0", "1000", "1,000"), ("#,##0", "-1234567", "-1,234,567"),
        ("#,##0.00", "99999999999999999999999999999999999999", "99,999,999,999,999,999,999,999,999,999,999,999,999.00"),
        // Half away from zero, on the decimal that is there.
        ("0", "0.5", "1"), ("0", "2.5", "3"), ("0", "-2.5", "-3"), ("0.00", "1.005", "1.01"), ("0.00", "1.115", "1.12"),
        ("0.00", "1.0049999999999999999999999999", "1.00"), ("#,##0", "999.5", "1,000"), ("0.00", "-0.005", "-0.01"),
        ("0", "0.4999999999999999999999999999999999", "0"), ("0.000000", "1E-7", "0.000000"),
        ("0.0", "9.95", "10.0"),
        ("0", "9999999999999999999999999999999999999.5", "10000000000000000000000000000000000000"),
        ("0.00", "1E-50", "0.00"), ("0", "5E-39", "0"), ("0.00", "1E+3", "1000.00"),
        ("0.000000000000000000000000000000", "0.1234567890123456789012345678905", "0.123456789012345678901234567891"),
        // No negative zero; but a section that was chosen by the value stays, as in Excel.
        ("0", "-0.3", "0"), ("0.00", "-0.001", "0.00"), ("$0", "-0.2", "$0"),
        ("#,##0.00;(#,##0.00)", "-0.001", "(0.00)"),
        (#"0;-0;"zero""#, "0.001", "0"), (#"0;-0;"zero""#, "0.00", "zero"), (#"0;-0;"zero""#, "-0", "zero"),
        ("#,##0.00;-#,##0.00", "-0.00", "0.00"),
        // Sections.
        ("#,##0.00;(#,##0.00)", "-1234.5", "(1,234.50)"), ("#,##0.00;(#,##0.00);\"-\"", "0", "-"), ("0;;", "-5", ""),
        ("0;;", "0", ""), ("0;", "-5", ""), ("+0;-0;0", "5", "+5"), (#""a"0;"b"0"#, "-0.2", "b0"),
        ("0;-0;0;@", "7", "7"), ("0;@", "-7", "-7"),
        // The sign before everything.
        ("$#,##0.00", "-5", "-$5.00"), ("(0)", "-5", "-(5)"), (#""x""#, "-5", "-x"), ("0 -", "5", "5 -"),
        // Scaled and in per cent, exactly.
        ("#,##0,", "1234567", "1,235"), ("#,##0.0,", "1234567", "1,234.6"), ("0.00,", "1234567", "1234.57"),
        ("0,", "500", "1"), ("0,", "499", "0"), ("#,", "400", ""), ("0%", "0.285", "29%"),
        ("0.0 %", "0.12345", "12.3 %"),
        ("0.0%", "-0.0004", "0.0%"), ("0.0%%", "0.12", "1200.0%%"), ("%0", "0.5", "%50"), ("0.0,%", "12", "1.2%"),
        (".0000,,", "123.456", ".0001"), ("#.0000,,", "1234567", "1.2346"), ("#.0000,,,", "123456789012", "123.4568"),
        ("###,##0", "12.345", "12"), ("#,##0.0", "123456789012", "123,456,789,012.0"),
        // Text between digits.
        ("000-00-0000", "123456789", "123-45-6789"), ("(000) 000-0000", "5551234567", "(555) 123-4567"),
        ("(###) ###-####", "1234", "() -1234"), ("0-0", "45", "4-5"), ("0-0", "1234", "123-4"),
        ("0.0-0", "4.56", "4.5-6"),
        (#"0 "km""#, "12", "12 km"), (#"0\ \k\m"#, "12", "12 km"), ("#,##0.00_);(#,##0.00)", "5", "5.00 "),
        (#""5; "0"#, "5", "5; 5"), ("€ 0", "5", "€ 5"),
    ]

    @Test(arguments: shown) func numbersAreShownAsInAWorkbook(code: String, value: String, text: String) throws {
        let format = ValueFormat(code: try FormatCode(code), kind: .decimal, locale: .american, zone: .utc)
        #expect(format.text(of: .decimal(try #require(ExactDecimal(value)))).text == text)
    }

    @Test(arguments: [
        ("de-DE", "#,##0.00;[Red]-#,##0.00", "-1.234.567,80"), ("fr-FR", "#,##0.00", "-1\u{202F}234\u{202F}567,80"),
        ("pt-BR", "#,##0.0", "-1.234.567,8"), ("en-GB", "#,##0.00", "-1,234,567.80"), ("es-ES", "#,##0", "-1.234.568"),
        ("ja-JP", "#,##0", "-1,234,568"), ("zh-CN", "0.000", "-1234567.800"),
    ])
    func separatorsAreTheLocales(name: String, code: String, text: String) throws {
        let locale = try #require(ReportLocale.named(name))
        let format = ValueFormat(code: try FormatCode(code), kind: .decimal, locale: locale, zone: .utc)
        #expect(format.text(of: .decimal(try #require(ExactDecimal("-1234567.8")))).text == text)
    }

    @Test func redIsOfTheSectionAlone() throws {
        let format = ValueFormat(
            code: try FormatCode("0.0;[red]-0.0"), kind: .decimal, locale: .american, zone: .utc)
        #expect(format.text(of: .integer(-3)) == .init("-3.0", isRed: true))
        #expect(format.text(of: .integer(3)) == .init("3.0", isRed: false))
        #expect(format.text(of: .null) == .init(""))
        #expect(format.workbookCode == "0.0;[Red]-0.0")
    }

    static let doubles: [(Double, String)] = [
        (0.1 + 0.2, "0.3"), (1.1 * 1.15, "1.27"), (1234567.25, "1234567.25"), (-0.0, "0"), (5, "5"),
        (1e15, "1000000000000000"),
        (123_456_789_012_345_680, "123456789012346000"), (1e-7, "0.0000001"), (.leastNonzeroMagnitude, "5E-324"),
        (1e300, "1E+300"),
        (.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity"),
    ]

    @Test(arguments: doubles)
    func doublesHaveFifteenDigits(value: Double, text: String) throws {
        let code = value == 1.1 * 1.15 ? try FormatCode("0.00") : nil
        let format = ValueFormat(code: code, kind: .double, locale: .american, zone: .utc)
        #expect(format.text(of: .double(value)).text == text)
    }

    @Test func withoutACodeNumbersAreWhatWasPublished() throws {
        let german = try #require(ReportLocale.named("de-DE"))
        func text(_ value: ResultValue, _ kind: TableColumn.Kind) -> String {
            ValueFormat(code: nil, kind: kind, locale: german, zone: .utc).text(of: value).text
        }
        #expect(text(.decimal(try #require(ExactDecimal("1234.50"))), .decimal) == "1.234,50")
        #expect(text(.decimal(try #require(ExactDecimal("-0.00"))), .decimal) == "0,00")
        #expect(text(.decimal(try #require(ExactDecimal("-0.050"))), .decimal) == "-0,050")
        #expect(text(.decimal(try #require(ExactDecimal("1E+3"))), .decimal) == "1.000")
        #expect(text(.decimal(try #require(ExactDecimal("1E+6111"))), .decimal) == "1E+6111")
        #expect(text(.decimal(try #require(ExactDecimal("1E-6111"))), .decimal) == "1E-6111")
        #expect(text(.integer(2026), .integer) == "2026")
        #expect(text(.integer(.min), .integer) == "-9223372036854775808")
        #expect(text(.double(0.5), .double) == "0,5")
        #expect(text(.bool(true), .boolean) == "Ja" && text(.bool(false), .string) == "Nein")
        #expect(text(.string("NaN"), .decimal) == "NaN" && text(.null, .decimal) == "")
        #expect(text(.decimal(try #require(ExactDecimal("1234.5"))), .string) == "1234,5")
    }

    @Test func aNumberThatNobodyReadsIsWrittenShort() throws {
        let format = ValueFormat(code: try FormatCode("#,##0.00"), kind: .decimal, locale: .american, zone: .utc)
        #expect(format.text(of: .decimal(try #require(ExactDecimal("7E+6000")))).text == "7E+6000")
        #expect(format.text(of: .double(1e20)).text == "100,000,000,000,000,000,000.00")
    }
}
