import ReportRecords
import Testing

@testable import ReportLayout

struct CSVTextTests {
    private func line(_ texts: [String], _ style: CSVText) -> String {
        var bytes: [UInt8] = []
        style.appendRow(texts.map { .string($0) }, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func whatWouldBeMisreadIsQuoted() {
        #expect(
            line(["a", "b,c", "d\"e", "f\ng", " h", "", "ü"], .lines)
                == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\" h\",,ü\n")
    }

    @Test func onlyFilesAreGuarded() {
        #expect(line(["=1", "a"], .file) == "'=1,a\r\n")
        #expect(line(["=1", "a"], .rows) == "=1,a\r\n")
        #expect(line(["\r=1"], .file) == "\"'\r=1\"\r\n")
    }

    /// To Swift it is one character, and not "=".
    @Test func aCombiningMarkHidesNoFormula() {
        #expect(line(["=\u{301}1"], .file) == "'=\u{301}1\r\n")
    }

    @Test func numbersAndDaysAreNeverGuarded() {
        var bytes: [UInt8] = []
        let cells: [ResultValue] = [
            .integer(-1), .decimal(ExactDecimal(isNegative: true, significand: 150, exponent: -2)), .double(-0.5),
            .date(milliseconds: -62_198_755_200_000), .null,
        ]
        CSVText.file.appendRow(cells, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "-1,-1.50,-0.5,\(cells[3].description),\r\n")
    }
}
