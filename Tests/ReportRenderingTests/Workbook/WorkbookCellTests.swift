import Calendars
import KubernetesModel
import ReportLayout
import ReportRecords
import Testing

@testable import ReportRendering

struct WorkbookCellTests {
    @Test(arguments: [
        ("0", Double?.some(0)), ("-0.00", 0), ("1234.50", 1234.5), ("-0.07", -0.07),
        ("123456789012345", 123_456_789_012_345),
        ("1.23456789012345", 1.23456789012345), ("1234567890123450.00", 1_234_567_890_123_450),
        ("1E+30", 1e30), ("1E-30", 1e-30), ("9.99E+307", 9.99e307), ("1E+308", nil), ("1E-400", nil),
        ("1234567890123456", nil), ("0.1234567890123456", nil), ("9999999999999999999999999999999999", nil),
    ])
    func aNumberHasFifteenDigits(text: String, number: Double?) throws {
        #expect(CellNumber.number(try #require(ExactDecimal(text))) == number)
    }

    @Test(arguments: [
        (0.1 + 0.2, Double?.some(0.1 + 0.2)), (-0.0, 0), (Double.nan, nil), (.infinity, nil), (-.infinity, nil),
        (.leastNonzeroMagnitude, nil), (.greatestFiniteMagnitude, nil),
    ])
    func whatExcelHasNoNumberForIsNone(double: Double, number: Double?) {
        #expect(CellNumber.number(double) == number)
    }

    @Test(arguments: [
        ("2026-10-31", TableColumn.Kind.date, Double?.some(46326)), ("2026-10", .month, 46296),
        ("1900-03-01", .date, 61),
        ("1900-02-28", .date, nil), ("9999-12-31", .date, 2_958_465), ("2026-02-29", .date, nil),
        ("2026-10-31T11:00:00Z", .timestamp, 46326.5), ("soon", .timestamp, nil),
        ("2026-10-31", .string, nil),
    ])
    func daysAreCountedAsExcelDoes(text: String, kind: TableColumn.Kind, days: Double?) {
        #expect(CellNumber.date(text, as: kind, in: WorkbookFixture.zone) == days)
    }

    @Test(arguments: [
        ("=1+1", "=1+1"), ("a\u{1}b\u{0}", "a_x0001_b_x0000_"), ("a\r\n\tb", "a_x000D_\n\tb"),
        ("_x0041_", "_x005F_x0041_"), ("_x41_", "_x41_"), ("x_x0041", "x_x0041"),
        ("\u{FFFE}|\u{FFFF}", "_xFFFE_|_xFFFF_"),
        ("_x00e9_", "_x005F_x00e9_"), ("naïve 東京 👍", "naïve 東京 👍"), ("", ""),
    ])
    func whatXMLCannotHaveIsEscaped(text: String, cell: String) {
        let written = CellText(text)
        #expect(written.text == cell && !written.isCut)
    }

    @Test func aTextIsCutAtExcelsLimitAndSaysSo() {
        #expect(!CellText(String(repeating: "a", count: 32_767)).isCut)
        #expect(!CellText(String(repeating: "é", count: 32_767)).isCut)
        let cut = CellText(String(repeating: "a", count: 32_768))
        #expect(cut.isCut && cut.text.utf16.count == 32_767 && cut.text.hasSuffix("a…"))
        // Of two units each: one fits less than half of the room.
        let emoji = CellText(String(repeating: "👍", count: 20_000))
        #expect(emoji.isCut && emoji.text.utf16.count == 32_767 && emoji.text.hasSuffix("👍…"))
        let escapes = CellText(String(repeating: "\u{1}", count: 10_000))
        #expect(escapes.isCut && escapes.text.utf16.count <= 32_767 && escapes.text.hasSuffix("_x0001_…"))
        #expect(CellText(String(repeating: "_x0041_", count: 50_000)).text.utf16.count <= 32_767)
    }

    @Test(arguments: [Int64.min, .max]) func aMomentFarFromAllCalendarsIsNoNumber(milliseconds: Int64) {
        #expect(CellNumber.moment(milliseconds: milliseconds, in: .utc) == nil)
        #expect(CellNumber.day(milliseconds: milliseconds) == nil)
    }

    @Test func markupIsEscaped() {
        var bytes: [UInt8] = []
        CellText("<a href=\"&\">").write(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "&lt;a href=\"&amp;\"&gt;")
    }

    @Test(arguments: [
        ("Balance 2026-10", "Balance 2026-10"), ("Balance 10/2026 [EUR]", "Balance 10-2026 (EUR)"),
        ("'quoted'", "quoted"), ("Bob's", "Bob's"), ("", "Report"), (" '' ", "Report"), ("History", "Report History"),
        ("hISTORY", "Report hISTORY"), ("a\u{1}\nb\u{FFFE}", "a  b\u{FFFD}"),
        (String(repeating: "a", count: 40), String(repeating: "a", count: 31)),
        (String(repeating: "👍", count: 20), String(repeating: "👍", count: 15)),
        // Else formulas would name cells or numbers.
        ("2026", "Report 2026"), ("Q1", "Report Q1"), ("R1C1", "Report R1C1"), ("true", "Report true"),
        ("Sales", "Sales"),
        ("?:*/\\", "-----"),
    ])
    func aSheetsNameIsOneThatExcelTakes(title: String, name: String) {
        var names = SheetNames()
        #expect(names.next(for: title) == name)
    }

    @Test func namesOfSheetsDiffer() {
        var names = SheetNames()
        #expect(["Äpfel", "äpfel", "ÄPFEL"].map { names.next(for: $0) } == ["Äpfel", "äpfel (2)", "ÄPFEL (3)"])
        let long = String(repeating: "a", count: 40)
        #expect(names.next(for: long).utf16.count == 31)
        #expect(names.next(for: long) == String(repeating: "a", count: 27) + " (2)")
    }

    @Test(arguments: [
        ("<?xml version=\"1.0\"?>\n<a><b x=\"1\"/><c>1</c></a>", true), ("<a></a>", true), ("<a/>", true), ("", false),
        ("<a><b></b>", false), ("<a>1", false), ("<a></", false), ("<a><b></a>", false),
    ])
    func aPartThatLacksSomethingIsFound(xml: String, isWhole: Bool) {
        var balance = TagBalance()
        for byte in xml.utf8 { balance.take([byte]) }
        #expect(balance.isWhole == isWhole)
    }

    @Test func aSheetThatLacksRowsIsFound() {
        let rows = String(repeating: "<row><c><v>1</v></c></row>", count: 10_000)
        for (text, isWhole) in [
            (rows, true), (String(rows.dropLast(26)), false), (String(rows.dropFirst(4096)), false), ("", false),
        ] {
            var size = SheetSize(rows: rows.utf8.count)
            let xml = Array("<worksheet><sheetData>\(text)</sheetData><pageMargins/></worksheet>".utf8)
            for begin in stride(from: 0, to: xml.count, by: 65_536) {
                size.take(xml[begin..<min(xml.count, begin + 65_536)])
            }
            #expect(size.isWhole == isWhole)
        }
        var empty = SheetSize(rows: 0)
        empty.take(Array("<worksheet><sheetData/></worksheet>".utf8)[...])
        #expect(empty.isWhole)
    }
}
