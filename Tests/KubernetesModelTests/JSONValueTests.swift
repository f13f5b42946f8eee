import Foundation
import KubernetesModel
import Testing

struct JSONValueTests {
    static let values: [(String, JSONValue)] = [
        ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("1", .integer(1)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)), ("0.5", .number(0.5)),
        ("1e+300", .number(1e300)), ("\"\"", .string("")), ("\"true\"", .string("true")), ("\"1\"", .string("1")),
        ("[]", .array([])), ("{}", .object([:])),
        (
            #"[1,"a",null,[true],{"b":{}}]"#,
            .array([
                .integer(1), .string("a"), .null, .array([.bool(true)]), .object(["b": .object([:])]),
            ])
        ),
        ("\"é 👩🏽‍🌾 e\u{301}\"", .string("é 👩🏽‍🌾 e\u{301}")),
    ]

    @Test(arguments: values) func valueKeepsItsKindBothWays(text: String, value: JSONValue) throws {
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) == value)
        #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == text)
    }

    static let merges: [(String, String, String)] = [
        ("{}", "{}", "{}"), (#"{"a":1}"#, #"{"b":2}"#, #"{"a":1,"b":2}"#), (#"{"a":1}"#, #"{"a":2}"#, #"{"a":2}"#),
        (#"{"a":{"b":1,"c":2}}"#, #"{"a":{"c":3}}"#, #"{"a":{"b":1,"c":3}}"#),
        (#"{"a":[1,2]}"#, #"{"a":[3]}"#, #"{"a":[3]}"#), (#"{"a":{"b":1}}"#, #"{"a":"x"}"#, #"{"a":"x"}"#),
        (#"{"a":"x"}"#, #"{"a":{"b":1}}"#, #"{"a":{"b":1}}"#), (#"{"a":1}"#, #"{"a":null}"#, #"{"a":null}"#),
        ("1", "{}", "{}"), ("{}", "1", "1"),
    ]

    @Test(arguments: merges) func objectsMergeMemberByMember(lower: String, upper: String, merged: String) throws {
        #expect(try value(lower).merging(value(upper)) == value(merged))
    }

    @Test func accessorsAnswerOnlyForTheirKind() throws {
        let object = try value(#"{"text":"x","list":[1],"map":{"a":1},"none":null}"#)
        #expect(object["text"]?.string == "x")
        #expect(object["list"]?.array == [.integer(1)])
        #expect(object["map"]?.object == ["a": .integer(1)])
        #expect(object["none"] == .null)
        #expect(object["absent"] == nil)
        #expect(object["text"]?["a"] == nil)
        #expect(object["text"]?.array == nil)
        #expect(object["list"]?.string == nil)
        #expect(JSONValue.compact(["a": .integer(1), "b": nil]) == .object(["a": .integer(1)]))
    }

    private func value(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }
}

struct JSONTextTests {
    @Test func everyKindOfValueIsReadBackTheSame() throws {
        let value: JSONValue = .object([
            "null": .null, "bools": .array([.bool(true), .bool(false)]),
            "integers": .array([.integer(.min), .integer(7)]),
            "numbers": .array([.number(0.5), .number(-1.5e300)]), "empty": .array([]),
            "nothing": .object([:]), "a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}/ü😀": .string("a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}/ü😀"),
        ])
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(value.jsonText)) == value)
    }

    @Test func keysStandInOrderAndSlashesAsTheyAre() {
        let value: JSONValue = .object(["b": .string("/x"), "a": .number(.nan)])
        #expect(String(decoding: value.jsonText, as: UTF8.self) == #"{"a":null,"b":"/x"}"#)
    }
}
