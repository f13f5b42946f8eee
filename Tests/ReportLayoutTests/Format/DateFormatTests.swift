import Calendars
import KubernetesModel
import ReportRecords
import Testing
import ZoneFiles

@testable import ReportLayout

struct DateFormatTests {
    /// Sunday, 2026-03-01 14:05:09.250.
    @Test(arguments: [
        ("m/d/yyyy", "3/1/2026"), ("dd.mm.yyyy", "01.03.2026"), ("yy-m-d", "26-3-1"), ("y", "26"), ("yyy", "2026"),
        ("mmm yyyy", "Mar 2026"), ("mmmm d, yyyy", "March 1, 2026"), ("mmmmm", "M"), ("ddd d mmm", "Sun 1 Mar"),
        ("dddd", "Sunday"), ("YYYY-MM-DD", "2026-03-01"), ("h:mm", "14:05"), ("hh:mm:ss", "14:05:09"),
        ("mm:ss", "05:09"),
        ("m:s", "5:9"), ("h AM/PM", "2 PM"), ("h:mm am/pm", "2:05 PM"), ("m/d/yyyy h:mm", "3/1/2026 14:05"),
        (#"h "m" m"#, "14 m 5"), ("yyyy-mm-dd hh:mm", "2026-03-01 14:05"), ("hh:mm:ss.000", "14:05:09.250"),
        ("m/d h", "3/1 14"), ("h d m", "14 1 3"), ("mmm:ss", "Mar:09"), (#"yyyy"年"m"月""#, "2026年3月"),
        (#"m\/d\/yyyy"#, "3/1/2026"), ("m/d/yyyy;@", "3/1/2026"),
    ])
    func momentsAreShownAsInAWorkbook(code: String, text: String) throws {
        let format = ValueFormat(code: try FormatCode(code), kind: .timestamp, locale: .american, zone: .utc)
        #expect(format.text(of: .date(milliseconds: 1_772_373_909_250)).text == text)
    }

    @Test(arguments: [
        (0, "12:00 AM"), (1, "1:00 AM"), (11, "11:00 AM"), (12, "12:00 PM"), (13, "1:00 PM"), (23, "11:00 PM"),
    ])
    func twelveHours(hour: Int64, text: String) throws {
        let format = ValueFormat(code: try FormatCode("h:mm AM/PM"), kind: .timestamp, locale: .american, zone: .utc)
        #expect(format.text(of: .date(milliseconds: hour * 3_600_000)).text == text)
    }

    static let defaults: [(locale: String, day: String, month: String, instant: String)] = [
        ("en-US", "10/31/2026", "Oct 2026", "10/31/2026 13:59"),
        ("en-GB", "31/10/2026", "Oct 2026", "31/10/2026 13:59"),
        ("de-DE", "31.10.2026", "Okt. 2026", "31.10.2026 13:59"),
        ("fr-FR", "31/10/2026", "oct. 2026", "31/10/2026 13:59"),
        ("es-ES", "31/10/2026", "oct 2026", "31/10/2026 13:59"),
        ("pt-BR", "31/10/2026", "out. de 2026", "31/10/2026 13:59"),
        ("ja-JP", "2026/10/31", "2026年10月", "2026/10/31 13:59"),
        ("zh-CN", "2026/10/31", "2026年10月", "2026/10/31 13:59"),
    ]

    @Test(arguments: defaults) func withoutACodeTheLocaleDecides(
        name: String, day: String, month: String, instant: String
    ) throws {
        let locale = try #require(ReportLocale.named(name))
        func text(_ value: ResultValue, _ kind: TableColumn.Kind) -> String {
            ValueFormat(code: nil, kind: kind, locale: locale, zone: .utc).text(of: value).text
        }
        #expect(text(.date(milliseconds: 1_793_404_800_000), .date) == day)
        #expect(text(.date(milliseconds: 1_790_812_800_000), .month) == month)
        #expect(text(.date(milliseconds: 1_793_455_199_999), .timestamp) == instant)
        #expect(text(.string("2026-10-31"), .date) == day && text(.string("2026-10"), .month) == month)
        #expect(text(.string("2026-10-31T13:59:00Z"), .timestamp) == instant)
        #expect(text(.string("2026-10-31T13:59:00Z"), .string) == "2026-10-31T13:59:00Z")
        #expect(text(.string("next week"), .date) == "next week", "what is no day is shown as it is")
        #expect(text(.date(milliseconds: 1_793_404_800_000), .string) == day)
    }

    @Test(arguments: ["America/Indiana/Indianapolis", "Pacific/Kiritimati", "Europe/Berlin"])
    func daysAndMonthsNeverShift(name: String) throws {
        let zone = try ZoneFiles().rules(name)
        func text(_ milliseconds: Int64, _ kind: TableColumn.Kind) -> String {
            ValueFormat(code: nil, kind: kind, locale: .american, zone: zone).text(
                of: .date(milliseconds: milliseconds)
            )
            .text
        }
        #expect(text(1_793_404_800_000, .date) == "10/31/2026")
        #expect(text(1_790_812_800_000, .month) == "Oct 2026")
        #expect(text(-62_135_596_800_000, .date) == "1/1/0001" && text(253_402_214_400_000, .date) == "12/31/9999")
        #expect(text(1_793_404_800_000, .string) == "10/31/2026")
    }

    @Test(arguments: [
        ("UTC", "2026-10-31 23:30"), ("Europe/Berlin", "2026-11-01 00:30"), ("America/New_York", "2026-10-31 19:30"),
        ("Asia/Kolkata", "2026-11-01 05:00"),
    ])
    func instantsAreShownInTheReportsZone(name: String, text: String) throws {
        let format = ValueFormat(
            code: try FormatCode("yyyy-mm-dd hh:mm"), kind: .timestamp, locale: .american,
            zone: try ZoneFiles().rules(name))
        #expect(format.text(of: .date(milliseconds: 1_793_489_400_000)).text == text)
    }

    @Test func namesAreTheLocales() throws {
        func text(_ code: String, _ name: String) throws -> String {
            let locale = try #require(ReportLocale.named(name))
            return ValueFormat(code: try FormatCode(code), kind: .date, locale: locale, zone: .utc)
                .text(of: .date(milliseconds: 1_772_323_200_000)).text
        }
        #expect(try text("dddd, d. mmmm yyyy", "de-DE") == "Sonntag, 1. März 2026")
        #expect(try text("ddd d mmm yyyy", "fr-FR") == "dim. 1 mars 2026")
        #expect(try text(#"d "de" mmmm "de" yyyy"#, "pt-BR") == "1 de março de 2026")
        #expect(try text(#"yyyy"年"m"月"d"日"(ddd)"#, "ja-JP") == "2026年3月1日(日)")
    }
}
