import KubernetesModel
import ReportAPI
import Testing

@testable import ReportLayout

struct PlaceholderTextTests {
    private func text(_ text: String, _ parameters: JSONObject = [:]) throws -> String {
        var identity = Sample.identity
        identity.parameters = parameters
        return try PlaceholderText(text).text(of: identity)
    }

    @Test func valuesArePutIn() throws {
        #expect(try text("{period}", ["period": .string("2026-10")]) == "2026-10")
        #expect(try text("{report} {namespace} {pipeline}") == "0b8f finance trial-balance")
        #expect(
            try text("{n} {d} {b} {x}", ["n": .integer(7), "d": .decimal("1.10"), "b": .bool(true)]) == "7 1.10 true ")
        #expect(try text("{l}", ["l": .array([.string("a"), .integer(2)])]) == "a, 2")
        #expect(try text("{{period} } {{{period}", ["period": .string("x")]) == "{period} } {x")
        #expect(try text("") == "")
    }

    @Test func aValueIsNeverReadForPlaceholders() throws {
        #expect(try text("{a}{b}", ["a": .string("{b}"), "b": .string("{{{report}")]) == "{b}{{{report}")
    }

    @Test func aValueStaysOnItsLine() throws {
        #expect(try text("[{a}]\nnext", ["a": .string("x\r\ny\u{0}\t\u{85}\u{2028}z")]) == "[x  y    z]\nnext")
        let long = String(repeating: "ä", count: 50_000)
        #expect(try text("{a}", ["a": .string(long)]).utf8.count <= 256)
    }

    @Test func aTitleIsOneLineWhateverItsAuthorWrote() throws {
        #expect(try Sample.layout(.init(title: "one\ntwo\tthree")).title == "one two three")
    }

    @Test func aRequestWithItsOwnPipelineGoesByItsName() throws {
        var identity = Sample.identity
        identity.pipeline = nil
        #expect(try PlaceholderText("{pipeline}").text(of: identity) == "tb-2026-10")
    }

    @Test(arguments: ["{", "a {period", "{{{", "{}{"]) func anOpenBraceIsAFault(text: String) {
        #expect(throws: PlaceholderText.Fault.self) { try PlaceholderText(text) }
    }
}
