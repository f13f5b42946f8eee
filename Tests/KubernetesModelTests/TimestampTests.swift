import Foundation
import KubernetesModel
import Testing

struct TimestampTests {
    static let good: [(String, Int64)] = [
        ("1970-01-01T00:00:00Z", 0), ("2026-10-31T12:34:56Z", 1_793_450_096), ("2024-02-29T23:59:59Z", 1_709_251_199),
        ("2000-02-29T00:00:00Z", 951_782_400), ("1969-12-31T23:59:59Z", -1), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799), ("2026-10-31T12:34:56.123456Z", 1_793_450_096),
        ("2026-10-31T12:34:56.9Z", 1_793_450_096), ("2026-10-31T12:34:56.999999999Z", 1_793_450_096),
        ("1969-12-31T23:59:59.5Z", -1),
        ("2026-10-31T14:34:56+02:00", 1_793_450_096), ("2026-10-31T08:04:56-04:30", 1_793_450_096),
        ("2026-10-31T14:34:56.25+02:00", 1_793_450_096),
    ]

    @Test(arguments: good) func timeIsRead(text: String, seconds: Int64) {
        #expect(Timestamp(text)?.seconds == seconds)
    }

    static let bad = [
        "", "now", "2026-10-31", "2026-10-31T12:34:56", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-10-31T25:00:00Z", "2026-10-31T12:60:00Z", "2026-10-31T12:34:56Zjunk",
        "junk2026-10-31T12:34:56Z", " 2026-10-31T12:34:56Z", "2026-10-31T12:34:56.Z", "1793450096",
    ]

    @Test(arguments: bad) func whatIsNoTimeIsRefused(text: String) { #expect(Timestamp(text) == nil) }

    @Test(arguments: [0, -1, 1_793_450_096, 951_782_400, 253_402_300_799, -62_135_596_800])
    func timeIsWrittenAsItIsRead(seconds: Int64) throws {
        let time = Timestamp(seconds: seconds)
        #expect(Timestamp(time.description) == time)
        #expect(time.description.utf8.count == 20)
        let data = try JSONEncoder().encode([time])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(time.description)\"]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [time])
    }

    @Test func everyDayOfACenturyIsReadAsItIsWritten() {
        var expected = (year: 1999, month: 1, day: 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for day in Int64(10_592)..<(10_592 + 37_621) {
            let text = Timestamp(seconds: day * 86400 + 3661).description
            let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
            guard text == "\(expected.year)-\(pad(expected.month))-\(pad(expected.day))T01:01:01Z",
                Timestamp(text)?.seconds == day * 86400 + 3661
            else {
                Issue.record("\(text) is not \(expected)")
                return
            }
            let leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
            expected.day += 1
            if expected.day > lengths[expected.month - 1] + (leap && expected.month == 2 ? 1 : 0) {
                expected = expected.month == 12 ? (expected.year + 1, 1, 1) : (expected.year, expected.month + 1, 1)
            }
        }
    }

    @Test func timesAreOrdered() {
        #expect(Timestamp(seconds: 1) < Timestamp(seconds: 2))
        #expect(Timestamp(Date(timeIntervalSince1970: -0.5)).seconds == -1)
        #expect(Timestamp(Date(timeIntervalSince1970: 1.9)).seconds == 1)
    }

    @Test func garbageInAnObjectIsAnError() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Timestamp].self, from: Data(#"["tomorrow"]"#.utf8))
        }
    }
}
