import DeliveryPlanning
import KubernetesModel
import ReportLayout
import Testing

@Suite("Topics of MQTT channels") struct ChannelTopicTests {
    private func topic(_ template: String, _ values: [String: String] = [:]) throws -> String {
        let now = Timestamp(seconds: 1_793_426_400)
        let report = ReportIdentity(
            reportID: "0b8f12aa", namespace: "north", name: "october", pipeline: "oee", attempt: 1, publishedAt: now,
            asOf: now, parameters: JSONObject(texts: values))
        return try ChannelTopic(template).text(of: report)
    }

    @Test(
        "A value is one level, whatever it holds",
        arguments: [
            ("north", "north"),
            ("../north", "..north"),
            ("a/b", "ab"),
            ("+", "_"),
            ("#", "_"),
            ("$SYS/broker", "SYSbroker"),
            ("", "_"),
            ("a\u{0}b\u{1}c\u{7F}d\u{85}e", "abcde"),
            // U+FFFE, which no literal may hold.
            (String(decoding: [0xEF, 0xBF, 0xBE, 0x78], as: UTF8.self), "x"),
            ("Werk Süd 😀", "Werk Süd 😀"),
            ("{report}", "{report}"),
            (String(repeating: "ä", count: 60), String(repeating: "ä", count: 50)),
        ])
    func values(_ value: String, _ level: String) throws {
        #expect(try topic("plant/{line}/done", ["line": value]) == "plant/\(level)/done")
    }

    @Test func placeholdersAndLevels() throws {
        #expect(try topic("plant/{namespace}/{pipeline}/{report}") == "plant/north/oee/0b8f12aa")
        #expect(try topic("plant/{missing}") == "plant/_")
        #expect(try topic("plant/line-{missing}") == "plant/line-")
        #expect(try topic("/plant//{{x}") == "/plant//{x}")
        #expect(try topic("{a}{b}", ["a": "#", "b": "/"]) == "_")
    }
}
