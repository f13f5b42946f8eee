import ReportAPI
import Testing

@Suite struct ReportDurationTests {
    @Test(arguments: [
        ("1s", 1), ("90s", 90), ("15m", 900), ("4h", 14400), ("1h30m", 5400), ("1h1s", 3601), ("1h2m3s", 3723),
        ("0h1s", 1), ("007m", 420), ("720h", 2_592_000), ("43200m", 2_592_000), ("2592000s", 2_592_000),
    ])
    func textIsRead(text: String, seconds: Int64) throws {
        let duration = try #require(ReportDuration(text))
        #expect(duration.seconds == seconds)
        #expect(duration.description == text)
    }

    @Test(arguments: [
        "", "0s", "0h0m0s", "h", "hms", "5", "5x", "5 m", "-5m", "+5m", "1.5h", "1m1h", "1h1h", "1s1m", "721h",
        "720h1s", "99999999s", "9999999h9999999m9999999s", "1d", "1H", "٣h", "1h ", " 1h", "4h\n",
    ])
    func otherTextIsRefused(text: String) {
        #expect(ReportDuration(text) == nil)
    }

    @Test(arguments: [
        (0, "0s"), (59, "59s"), (60, "1m"), (61, "1m1s"), (3599, "59m59s"), (3600, "1h"), (3661, "1h1m"),
        (4320, "1h12m"), (86400, "24h"),
    ])
    func secondsAreWrittenShort(seconds: Int64, text: String) {
        #expect(ReportDuration.format(seconds: seconds) == text)
    }

    /// Nothing that the schema lets through may be a fault here, but for the bounds that only a rule can check.
    @Test(arguments: ["timeout", "stages[].timeout"])
    func schemaAllowsNothingThatIsNoDuration(field: String) throws {
        let schema = try #require(try ResourceDefinition.pipelines().schema.all.first { $0.path == "spec.\(field)" })
        let pattern = try Regex(try #require(schema.pattern))
        for text in ["1s", "90s", "15m", "4h", "1h30m", "1h2m3s", "720h", "43200m", "2592000s"] {
            #expect(text.wholeMatch(of: pattern) != nil && ReportDuration(text) != nil, "\(text)")
        }
        for text in ["h", "5", "5x", "-5m", "1.5h", "1m1h", "1h1h", "1s1m", "1d", "1H", "99999999s"] {
            #expect(text.wholeMatch(of: pattern) == nil && ReportDuration(text) == nil, "\(text)")
        }
        #expect(schema.integer("maxLength") == Int64("720h43200m2592000s".count))
    }
}
