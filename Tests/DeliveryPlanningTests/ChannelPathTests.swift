import DeliveryPlanning
import KubernetesModel
import ReportAPI
import ReportLayout
import Testing

@Suite("Paths and names of files") struct ChannelPathTests {
    private static func report(_ parameters: JSONObject = [:]) throws -> ReportIdentity {
        let time = try #require(Timestamp("2026-10-31T06:00:00Z"))
        return ReportIdentity(
            reportID: "0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d", namespace: "finance", name: "october",
            pipeline: "trial-balance", attempt: 1, publishedAt: time, asOf: time, parameters: parameters)
    }

    private static func value(_ text: String) throws -> String {
        let segments = try ChannelPath("{value}").segments(of: report(["value": .string(text)]))
        try #require(segments.count == 1)
        return segments[0]
    }

    @Test("Placeholders stand for one segment each, or a part of one")
    func placeholders() throws {
        let report = try Self.report(["period": .string("2026-10"), "plant": .integer(7)])
        let path = try ChannelPath("ERP {{x}/{namespace}/{pipeline} {period}/plant-{plant}/{report}")
        #expect(
            path.segments(of: report) == [
                "ERP {x}", "finance", "trial-balance 2026-10", "plant-7", "0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d",
            ])
    }

    @Test(
        "A value never leads elsewhere",
        arguments: [
            ("../../etc/passwd", "____etc_passwd"), ("a/b\\c", "a_b_c"), ("..", "_"), (".", "_"), ("...", "__"),
            (".hidden", "_hidden"), ("a..b", "a_b"), ("v1.2", "v1.2"), (#"a:b*c?d"e<f>g|h"#, "a_b_c_d_e_f_g_h"),
            ("a\u{0}b\u{1B}c\nd\u{7F}e\u{85}f\u{2028}g", "a_b_c_d_e_f_g"), ("", "_"), ("  ", "__"), (" a. ", "_a__"),
            ("NUL", "_NUL"), ("com1", "_com1"), ("com10", "com10"), ("{report}", "{report}"),
            ("Müller & Söhne, 東京 👩‍👩‍👧", "Müller & Söhne, 東京 👩‍👩‍👧"), ("invoice\u{202E}fdp", "invoice_fdp"),
        ])
    func values(value: String, segment: String) throws {
        #expect(try Self.value(value) == segment)
    }

    @Test("A literal and a value together make neither a hidden name nor a way up")
    func joints() throws {
        let report = try Self.report(["dot": .string("."), "none": .string("")])
        #expect(try ChannelPath("a{none}.{none}.{none}b").segments(of: report) == ["a_b"])
        #expect(try ChannelPath("{none}.x").segments(of: report) == ["_x"])
        #expect(try ChannelPath("{none}/{report}").segments(of: report).first == "_")
    }

    @Test("A value is cut after 100 bytes, between two characters")
    func cut() throws {
        #expect(try Self.value(String(repeating: "x", count: 101)) == String(repeating: "x", count: 100))
        // 49 × 2 + 1 bytes, and the 50th would end at 101.
        #expect(try Self.value("x" + String(repeating: "ä", count: 60)) == "x" + String(repeating: "ä", count: 49))
        // Each is five code points with 18 bytes together.
        let family = "👩‍👩‍👧"
        #expect(try Self.value(String(repeating: family, count: 6)) == String(repeating: family, count: 5))
        #expect(try Self.value("e" + String(repeating: "\u{301}", count: 80)).utf8.count == 99)
        let hundredThousand = String(repeating: "\u{301}", count: 100_000)
        #expect(try Self.value(hundredThousand).utf8.count == 100)
    }

    @Test("Segments that are too long stay apart")
    func longSegments() throws {
        let long = String(repeating: "a", count: 100)
        let report = try Self.report(["a": .string(long), "b": .string(long), "c": .string("1"), "d": .string("2")])
        let path = try ChannelPath("{a}{b}{c}/{a}{b}{d}/{a}{b}")
        let segments = path.segments(of: report)
        #expect(Set(segments).count == 3)
        #expect(segments.map(\.utf8.count) == [200, 200, 200])
    }

    @Test func whatIsNotClosedIsAFault() { #expect(throws: PlaceholderText.Fault.self) { try ChannelPath("a/{b/c}") } }

    @Test(
        "A file's name is the delivery's, or says what it is",
        arguments: [
            (nil, [:], "trial-balance-0b8f12aa.pdf"), ("{pipeline}-{period}", [:], "trial-balance-2026_10.pdf"),
            ("balance.PDF", [:], "balance.pdf"), ("balance.v2", [:], "balance.v2.pdf"),
            ("{missing}", [:], "trial-balance-0b8f12aa.pdf"),
            ("{open", [:], "trial-balance-0b8f12aa.pdf"), ("../{pipeline}", [:], "__trial-balance.pdf"),
            (nil, ["plant": "north/1", "line": "3"], "trial-balance-0b8f12aa-3-north_1.pdf"),
            ("output north", ["plant": "north"], "output north.pdf"),
        ] as [(String?, [String: String], String)])
    func names(template: String?, only: [String: String], name: String) throws {
        let report = try Self.report(["period": .string("2026/10")])
        #expect(ChannelPath.fileName(template, of: report, only: only, format: .pdf) == name)
    }

    @Test func aRequestWithoutPipelineNamesItsFile() throws {
        var report = try Self.report()
        report.pipeline = nil
        #expect(ChannelPath.fileName(of: report, format: .xlsx) == "october-0b8f12aa.xlsx")
    }

    @Test func aNoticeIsCalledAfterTheReportAndItsEnd() throws {
        #expect(ChannelPath.noticeName(of: try Self.report(), ending: "failed") == "trial-balance-0b8f12aa-failed.txt")
        #expect(try ChannelPath("a/{namespace}-{period}/{report}").names == ["namespace", "period", "report"])
    }
}
