import GatewayAPI
import KubernetesModel
import ReportRecords
import Testing

@Suite struct RowsWriterTests {
    private static let midnight: Int64 = 1_793_404_800_000

    private func written(
        _ format: RowsWriter.Format, types: [String?], rows: [[ResultValue]], next: String? = nil, total: Int? = nil
    ) -> String {
        var writer = RowsWriter(
            format, columns: types.enumerated().map { ColumnView(name: "c\($0)", type: $1) })
        var bytes: [UInt8] = []
        writer.begin()
        for row in rows {
            writer.append(row)
            bytes += writer.takeBytes()
        }
        writer.end(next: next, total: total)
        bytes += writer.takeBytes()
        return String(decoding: bytes, as: UTF8.self)
    }

    private func cell(_ value: ResultValue, type: String? = nil) throws -> JSONValue? {
        try JSONValue.reading(written(.json, types: [type], rows: [[value]]))["rows"]?.array?.first?.array?.first
    }

    @Test func aWholeAnswerHasWhatTheContractSays() throws {
        var writer = RowsWriter(.json, columns: [ColumnView(name: "a", title: "A", type: "string", format: "@")])
        writer.begin(reportID: "u-1", asOf: Fixtures.now)
        writer.append([.string("x")])
        writer.append([])
        writer.append([.string("y"), .string("surplus")])
        writer.end(next: "n", total: 3)
        #expect(
            String(decoding: writer.takeBytes(), as: UTF8.self)
                == #"{"reportID":"u-1","asOf":"2026-10-31T07:00:00Z","columns":[{"name":"a","title":"A","type":"string","#
                + #""format":"@"}],"rows":[["x"],[null],["y"]],"warning":"2 values aren't of their columns' types; "#
                + #"the first: line 2: has 0 of 1 fields","next":"n","total":3}"#)
    }

    /// Stages may write any: of these no sum and no product may be made.
    @Test(arguments: [Int64.min, .max], ["timestamp", "date", "month", "string", "decimal"])
    func aDayFarFromAllCalendarsIsAText(milliseconds: Int64, type: String) throws {
        let text = try #require(try cell(.date(milliseconds: milliseconds), type: type)?.string)
        #expect(text.hasPrefix(milliseconds < 0 ? "-292275055-05" : "292278994-08"))
    }

    @Test func withoutRowsThereAreNone() throws {
        #expect(
            written(.json, types: ["string"], rows: []) == #"{"columns":[{"name":"c0","type":"string"}],"rows":[]}"#)
        #expect(written(.csv, types: ["string", nil], rows: []) == "c0,c1\r\n")
    }

    @Test func numbersKeepEveryDigit() throws {
        #expect(try cell(.integer(1 << 53)) == .integer(1 << 53))
        #expect(try cell(.integer(1 << 53 + 1)) == .string("9007199254740993"))
        #expect(try cell(.integer(.min)) == .string("-9223372036854775808"))
        #expect(try cell(.integer(-(1 << 53))) == .integer(-(1 << 53)))
        #expect(try cell(.decimal(ExactDecimal(significand: 110, exponent: -2)), type: "decimal") == .string("1.10"))
        #expect(
            try cell(.decimal(ExactDecimal(significand: UInt128(99_999_999_999_999_999_999), exponent: -4)))
                == .string("9999999999999999.9999"))
        #expect(try cell(.double(0.1)) == .number(0.1))
        #expect(try cell(.double(.nan)) == .string("nan"))
        #expect(try cell(.double(-.infinity)) == .string("-inf"))
    }

    @Test(arguments: [
        ("date", Int64(0), "2026-10-31"), ("date", 86_399_999, "2026-10-31"), ("date", -1, "2026-10-30"),
        ("month", 0, "2026-10"), ("timestamp", 0, "2026-10-31T00:00:00Z"), ("timestamp", 1, "2026-10-31T00:00:00.001Z"),
        (nil, 0, "2026-10-31"), (nil, 1000, "2026-10-31T00:00:01Z"),
    ])
    func daysAreNotShifted(type: String?, offset: Int64, text: String) throws {
        let value = ResultValue.date(milliseconds: Self.midnight + offset)
        #expect(try cell(value, type: type) == .string(text))
        #expect(written(.csv, types: [type], rows: [[value]]) == "c0\r\n\(text)\r\n")
    }

    @Test func csvIsQuotedAndGuardedAgainstFormulas() {
        let rows: [[ResultValue]] = [
            [.string("a,b"), .string("say \"hi\"")], [.string("two\nlines"), .string(" x ")],
            [.string("=1+1"), .string("@SUM(A1)")], [.string("-1"), .string("+1")], [.integer(-1), .double(-0.5)],
            [.null, .bool(true)], [.string("\tx"), .string("\r")],
        ]
        #expect(
            written(.csv, types: ["string", nil], rows: rows)
                == "c0,c1\r\n\"a,b\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",\" x \"\r\n'=1+1,'@SUM(A1)\r\n'-1,'+1\r\n"
                + "-1,-0.5\r\n,true\r\n'\tx,\"'\r\"\r\n")
    }

    @Test func textsOfAnyKindComeThrough() throws {
        for text in ["", "\0", "\"\\", "\u{2028}", "🏭 é", String(repeating: "x", count: 100_000)] {
            #expect(try cell(.string(text)) == .string(text))
        }
    }
}
