import Calendars
import ReportRecords
import Testing

@testable import ReportLayout

struct FormatCodeTests {
    @Test(arguments: [
        ("#,##0.0?", #"has "?" at character 8, which is unknown; allowed are 0 # , . %"#),
        ("0.00E+00", #"has "E" at character 5, which is unknown"#), ("General", #"has "G" at character 1"#),
        ("[Blue]0", #"has "[Blue]" at character 1"#), ("[>100]0", #"has "[>100]" at character 1"#),
        ("* 0", #"has "*""#),
        ("@", #"has "@" at character 1"#), ("0;@;0", #"has "@" at character 3"#), ("0 kg", #"has "k" at character 3"#),
        ("[h]:mm", #"has "[h]" at character 1"#), (#"0 "kg"#, "has a quote at character 3 that is not closed"),
        (#"0\"#, "ends with \\"), ("0.0.0", #"has "." at character 4: a number has one point"#),
        (",0", #"has "," at character 1: a comma stands between digits"#),
        ("0.0,0", "digits behind the point have no groups"),
        ("0;0;0;0", "has 4 sections; allowed are three"), ("yyyy;mm", "has more than one section; a date has one"),
        ("yyyy0", #"has "0" at character 5: a code is of dates or of numbers, not of both"#),
        ("ss.0", "three places, as in ss.000"), ("mmmmmm", "at most 5 of that letter"),
        ("hhh", "at most 2 of that letter"),
        ("", "is empty"), ("[Red]yyyy", "a date has no red"),
        (String(repeating: "0", count: 256), "256 characters are given; at most 255 are allowed"),
        (String(repeating: "0", count: 31), "over 30 digits"),
    ])
    func whatExcelWouldShowOtherwiseIsRefusedWithItsPlace(code: String, fault: String) {
        let error = #expect(throws: FormatCode.Fault.self) { try FormatCode(code) }
        #expect(error?.description.contains(fault) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("yyyy", TableColumn.Kind.decimal, "is of dates"), ("0.00", .date, "is of numbers"),
        ("0", .string, "changes no text"),
        ("hh:mm", .date, "a day has none"), ("d/m/yyyy", .month, "a month has no more"), ("0", .boolean, "yes or no"),
    ])
    func aCodeIsOfItsKind(code: String, kind: TableColumn.Kind, obstacle: String) throws {
        #expect(try FormatCode(code).obstacle(for: kind)?.contains(obstacle) == true)
    }

    @Test(arguments: [
        ("0.00", TableColumn.Kind.double), ("yyyy-mm-dd", .date), ("mmm yyyy", .month),
        ("yyyy-mm-dd hh:mm", .timestamp),
    ])
    func aFittingCodeHasNoObstacle(code: String, kind: TableColumn.Kind) throws {
        #expect(try FormatCode(code).obstacle(for: kind) == nil)
    }

    @Test(arguments: [
        ("#,##0.00;[red](#,##0.00);\"-\"", "#,##0.00;[Red](#,##0.00);\"-\""),
        ("M/D/YYYY h:mm am/pm", "[$-407]m\\/d\\/yyyy h:mm AM/PM"),
        ("dd.mm.yyyy", "dd.mm.yyyy"), ("mmm yyyy", "[$-407]mmm yyyy"), ("0 €", "0 \"€\""),
        ("0.0\u{A0}%", "0.0\"\u{A0}\"%"),
        ("0_);(0)", "0_);(0)"), (#"0\ \k"#, #"0\ \k"#), ("0/0", #"0\/0"#), ("0;@", "0;@"),
    ])
    func workbooksGetACodeOfNoLanguageButItsOwn(code: String, workbookCode: String) throws {
        let locale = try #require(ReportLocale.named("de-DE"))
        let format = ValueFormat(code: try FormatCode(code), kind: .decimal, locale: locale, zone: .utc)
        #expect(format.workbookCode == workbookCode)
    }

    @Test func workbooksHaveTheLocalesDefaults() {
        let codes = TableColumn.Kind.allCases.map {
            ValueFormat(code: nil, kind: $0, locale: .american, zone: .utc).workbookCode
        }
        #expect(
            codes == [
                "General", "0", "#,##0.00##########", "General", "General", #"m\/d\/yyyy"#, "[$-409]mmm yyyy",
                #"m\/d\/yyyy hh:mm"#,
            ])
    }
}
