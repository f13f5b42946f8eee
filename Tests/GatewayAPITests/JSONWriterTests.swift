import FoundationEssentials
import GatewayAPI
import JSONReading
import KubernetesModel
import Testing

@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func commasComeByThemselves() {
        let text = written { writer in
            writer.object {
                $0.member("a", 1)
                $0.member("none", String?.none)
                $0.member("list", ["x", "y"])
                $0.key("nested")
                $0.array { writer in
                    writer.object { _ in }
                    writer.array { _ in }
                    writer.null()
                    writer.value(true)
                    writer.raw("[1]".utf8)
                }
                $0.member("map", ["b": "2", "a": "1"])
                $0.member("last", false)
            }
        }
        #expect(
            text == #"{"a":1,"list":["x","y"],"nested":[{},[],null,true,[1]],"map":{"a":"1","b":"2"},"last":false}"#)
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
        ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""),
        ("Zürich 🏭", #""Zürich 🏭""#), ("</script>", #""</script>""#), ("\u{2028}", "\"\u{2028}\""),
    ])
    func textsAreEscapedStrictly(text: String, json: String) throws {
        #expect(written { $0.value(text) } == json)
        #expect(try JSONReader().decode(JSONValue.self, from: json) == .string(text))
        #expect(
            written { writer in
                writer.object {
                    $0.key(text: text); $0.value(1)
                }
            } == "{\(json):1}")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (1_793_430_245, "2026-10-31T07:04:05Z"),
        (951_782_399, "2000-02-28T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func timesAreThoseOfTheHouse(seconds: Int64, text: String) {
        #expect(written { $0.value(Timestamp(seconds: seconds)) } == "\"\(text)\"")
        #expect(Timestamp(seconds: seconds).description == text)
    }

    @Test(arguments: [0, 9, 10, -1, Int64.max, Int64.min])
    func integersKeepTheirDigits(number: Int64) {
        #expect(written { $0.value(number) } == "\(number)")
    }

    @Test func piecesAreTakenAwayAsTheyCome() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.value(1)
        #expect(writer.takeBytes() == Array("[1".utf8))
        writer.value(2)
        writer.endArray()
        #expect(writer.takeBytes() == Array(",2]".utf8))
        #expect(writer.takeBytes().isEmpty)
    }
}
