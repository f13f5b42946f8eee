import Foundation
import KubernetesModel
import Testing

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
