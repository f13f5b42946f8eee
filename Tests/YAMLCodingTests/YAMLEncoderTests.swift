import Foundation
import TestSupport
import Testing
import YAMLCoding

struct YAMLEncoderTests {
    private func write(_ value: some Encodable) throws -> String {
        String(decoding: try YAMLEncoder().encode(value), as: UTF8.self)
    }

    @Test func objectsAreWrittenAsPeopleWriteThem() throws {
        struct Item: Encodable {
            var name: String
            var size: Int?
        }
        struct List: Encodable {
            var z = "last"
            var items = [Item(name: "a", size: 1), Item(name: "b")]
            var script = "set -e\necho hi\n"
            var none: [String] = []
            var empty: [String: String] = [:]
        }
        #expect(
            try write(List()) == """
                empty: {}
                items:
                - name: a
                  size: 1
                - name: b
                none: []
                script: |
                  set -e
                  echo hi
                z: last

                """)
    }

    @Test func severalDocumentsAreSeparated() throws {
        let data = try YAMLEncoder().encodeAll([["a": 1], ["b": 2]])
        #expect(String(decoding: data, as: UTF8.self) == "a: 1\n---\nb: 2\n")
        #expect(try YAMLDecoder().decodeAll([String: Int].self, from: data) == [["a": 1], ["b": 2]])
    }

    @Test(arguments: [
        "yes", "No", "on", "off", "y", "N", "true", "null", "~", "", "12", "-1", "1.5", "0x1F", "0o7", "1e3", "1_000",
        "12:30", "2001-01-01", "2001-01-01T00:00:00Z", ".inf", ".nan", "=", "<<", "1.", "+1", "0b1",
    ])
    func ambiguousTextIsQuoted(text: String) throws {
        #expect(try write([text]) == "- \"\(text)\"\n")
        #expect(try write([text: 1]) == "\"\(text)\": 1\n")
    }

    @Test(arguments: ["a", "nginx:1.27", "a b", "100m", "1.2.3", "v1.35.2", "a#b", "/bin/sh", "ü€", "10Gi"])
    func plainTextStaysPlain(text: String) throws {
        let quoted = text == "1.2.3"
        #expect(try write([text]) == (quoted ? "- \"\(text)\"\n" : "- \(text)\n"))
    }

    private func text(_ dice: inout SeededGenerator) -> String {
        let parts = [
            "a", "yes", "1", ".", ":", ": ", "#", " #", "-", "- ", "\n", "\n\n", " ", "  ", "\t", "\"", "'", "\\", "{",
            "}", "[", "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "?", "ü", "😀", "\u{0}", "\u{7}", "\u{85}",
            "\u{a0}", "\u{2028}", "\u{feff}", "\r", "\r\n", "---", "...", "null", "~", "e", "0x", "_", "=", "<<",
            "\u{7f}",
        ]
        return (0..<Int.random(in: 0...6, using: &dice)).map { _ in parts.randomElement(using: &dice) ?? "" }.joined()
    }

    private func value(_ dice: inout SeededGenerator, depth: Int) -> Value {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &dice) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &dice))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &dice))
        case 3: return .number(Double.random(in: -1e6...1e6, using: &dice) + 0.5)
        case 4: return .string(text(&dice))
        case 5:
            return .array((0..<Int.random(in: 0...4, using: &dice)).map { _ in value(&dice, depth: depth + 1) })
        default:
            let keys = (0..<Int.random(in: 0...4, using: &dice)).map { _ in text(&dice) }
            return .object(
                Dictionary(keys.map { ($0, value(&dice, depth: depth + 1)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    @Test(arguments: 0..<20)
    func whateverIsWrittenIsReadBackTheSame(seed: Int) throws {
        var dice = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<200 {
            let value = value(&dice, depth: 0)
            let data = try YAMLEncoder().encode(value)
            let back = Result { try YAMLDecoder().decode(Value.self, from: data) }
            guard case .success(value) = back else {
                Issue.record("\(value) became \(String(decoding: data, as: UTF8.self).debugDescription), read \(back)")
                return
            }
        }
    }
}
