import JSONReading
import KubernetesModel
import Testing

/// What RFC 8259 allows and forbids. The cases tell the facts of the public suite nst/JSONTestSuite, case by case; what it leaves to
/// the implementation (`i_`) is decided in `decided`.
struct SyntaxTests {
    static let allowed: [String] = [
        "[[]   ]", "[\"\"]", "[]", "[\"a\"]\n", "[false]", "[null, 1, \"1\", {}]", "[null]", "[1\n]", " [1]",
        "[1,null,null,null,2]", "[2] ", "[123e65]", "[0e+1]", "[0e1]", "[ 4]",
        "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]", "[20e1]", "[-0]",
        "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]", "[1e+2]", "[123]",
        "[123.456789]", #"{"asd":"sdf", "dfg":"fgh"}"#, #"{"asd":"sdf"}"#, #"{"a":"b","a":"c"}"#,
        #"{"a":"b","a":"b"}"#, "{}", #"{"":0}"#, #"{"foo\u0000bar": 42}"#,
        #"{ "min": -1.0e+28, "max": 1.0e+28 }"#, #"{"a":[]}"#,
        #"{"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430" }"#, "{\n\"a\": \"b\"\n}",
        #"["\u0060\u012a\u12AB"]"#, #"["\uD801\udc37"]"#, #"["\ud83d\ude39\ud83d\udc8d"]"#,
        #"["\"\\\/\b\f\n\r\t"]"#, #"["\\u0000"]"#, #"["\""]"#, #"["a/*b*/c/*d//e"]"#, #"["\\a"]"#, #"["\\n"]"#,
        #"["\u0012"]"#, #"["\uFFFF"]"#, "[\"asd\"]", "[ \"asd\"]", #"["\uDBFF\uDFFF"]"#, #"["new\u00A0line"]"#,
        "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]", #"["\u0000"]"#, #"["\u002c"]"#, "[\"π\"]", "[\"\u{1BFFF}\"]", "\" \"",
        #"["\uD834\uDd1e"]"#, #"["\u0821"]"#, #"["\u0123"]"#, "[\"\u{2028}\"]", "[\"\u{2029}\"]",
        #"["\u0061\u30af\u30EA\u30b9"]"#, #"["new\u000Aline"]"#, "[\"\u{7F}\"]", #"["\uA66D"]"#, #"["\u005C"]"#,
        "[\"⍂㈴⍂\"]", #"["\uDBFF\uDFFE"]"#, #"["\uD83F\uDFFE"]"#, #"["\u200B"]"#, #"["\u2064"]"#, #"["\uFDD0"]"#,
        #"["\uFFFE"]"#, #"["\u0022"]"#, "[\"€𝄞\"]", "[\"a\u{7F}a\"]", "false", "42", "-0.1", "null", "\"asd\"", "true",
        "\"\"", "[\"a\"]\n", "[true]", " [] ",
    ]

    @Test(arguments: allowed) func whatTheStandardAllowsIsRead(text: String) throws {
        _ = try JSONReader().decode(JSONValue.self, from: text)
    }

    static let forbidden: [String] = [
        "[1 true]", #"["": 1]"#, #"[""],"#, "[,1]", "[1,,2]", #"["x",,]"#, #"["x"]]"#, #"["",]"#, #"["x""#, "[x",
        "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{0B}a\"\\f]", "[*]",
        #"["""#, "[1,", "[1,\n1\n,1", "[{}", "[fals]", "[nul]", "[tru]", "123\0", "[++1234]", "[+1]", "[+Inf]", "[-01]",
        "[-1.0.]", "[-2.]", "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]",
        "[0e+]", "[0e]", "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]",
        "[9.e+]", "[Inf]", "[NaN]", "[\u{FF11}]", "[1+2]", "[0x1]", "[0x42]", "[Infinity]", "[0e+-1]", "[-123.123foo]",
        "[-Infinity]", "[-foo]", "[- 1]", "[-012]", "[-.123]", "[-1x]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]",
        "[1.8011670033376514H-308]", "[012]", #"["x", truth]"#, #"{[: "x"}"#, #"{"x", null}"#, #"{"x"::"b"}"#, "{🇨🇭}",
        #"{"a":"a" 123}"#, "{key: 'value'}", #"{"a" b}"#, #"{:"b"}"#, #"{"a" "b"}"#, #"{"a":"#, #"{"a""#, "{1:1}",
        "{9999E9999:1}", "{null:null,null:null}", #"{"id":0,,,,,}"#, "{'a':0}", #"{"id":0,}"#, #"{"a":"b"}/**/"#,
        #"{"a":"b"}/**//"#, #"{"a":"b"}//"#, #"{"a":"b"}/"#, #"{"a":"b",,"c":"d"}"#, #"{a: "b"}"#, #"{"a":"a"#,
        #"{ "foo" : "bar", "a" }"#, #"{"a":"b"}#"#, " ", #"["\uD800\"]"#, #"["\uD800\u"]"#, #"["\uD800\u1"]"#,
        #"["\uD800\u1x"]"#, "[é]", "[\"\\\0\"]", #"["\x00"]"#, #"["\\\"]"#, "[\"\\\t\"]", "[\"\\🌀\"]", #"["\"]"#,
        #"["\u00A"]"#, #"["\uD834\uDd"]"#, #"["\uD800\uD800\x"]"#, #"["\a"]"#, #"["\uqqqq"]"#, #"[\u0020"asd"]"#,
        #"[\n]"#,
        "\"", "['single quote']", "abc", #"["\"#, "[\"a\0a\"]", "[\"new\nline\"]", "[\"\t\"]", #""\UA66D""#, #""""x"#,
        "[\u{2060}]", "\u{FEFF}", "<.>", "[<null>]", "[1]x", "[1]]", #"["asd]"#, "aå", "[True]", "1]",
        #"{"x": true,"#, "[][]", "]", "[", "", "[\0]", "2@", "{}}", #"{"":"#, #"{"a":/*comment*/"b"}"#,
        #"{"a": true} "x""#, "['", "[,", "[{", #"["a"#, #"["a""#, "{", "{]", "{,", "{[", #"{"a"#, "{'a'",
        #"["\{["\{["\{["\{"#, "é", "*", #"{"a":"b"}#{}"#, #"[\u000A""]"#, "[1", "[ false, nul", "[ true, fals",
        "[ false, tru", #"{"asd":"asd""#, "å", "\u{2060}", "[\u{0C}]",
    ]

    @Test(arguments: forbidden) func whatTheStandardForbidsIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONReader().decode(JSONValue.self, from: text) }
    }

    /// What is no UTF-8, or is it only nearly.
    static let bytes: [[UInt8]] = [
        Array("[a".utf8) + [0xE5, 0x5D], [0x5B, 0xFF, 0x5D], Array("[123".utf8) + [0xE5, 0x5D],
        Array("[1e1".utf8) + [0xE5, 0x5D], Array("[0".utf8) + [0xE5, 0x5D], Array("[1e".utf8) + [0xE5, 0x5D],
        Array("{\"".utf8) + [0xB9] + Array("\":\"0\",}".utf8), Array("[\"\\u".utf8) + [0xE5] + Array("\"]".utf8),
        Array("[\"\\".utf8) + [0xE5] + Array("\"]".utf8), [0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0x7B, 0x7D], [0xE5],
        // Left to the implementation: refused, as the servers never send them.
        [0xFF, 0xFE, 0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22, 0x00, 0x5D, 0x00],
        [0x5B, 0x22, 0xE6, 0x97, 0xA5, 0xD1, 0x88, 0xFA, 0x22, 0x5D], [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D],
        [0x5B, 0x22, 0xFF, 0x22, 0x5D], [0x5B, 0x22, 0xE9, 0x22, 0x5D], [0x5B, 0x22, 0x81, 0x22, 0x5D],
        [0x5B, 0x22, 0xF4, 0xBF, 0xBF, 0xBF, 0x22, 0x5D], [0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D],
        [0x5B, 0x22, 0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF, 0x22, 0x5D],
        [0x5B, 0x22, 0xFC, 0x80, 0x80, 0x80, 0x80, 0x80, 0x22, 0x5D], [0x5B, 0x22, 0xE0, 0xFF, 0x22, 0x5D],
        [0x00, 0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22, 0x00, 0x5D], [0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22],
        [0xEF, 0xBB, 0xBF, 0x7B, 0x7D],
    ]

    @Test(arguments: bytes) func whatIsNoUTF8IsRefused(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONReader().decode(JSONValue.self, from: bytes) }
    }

    /// What the standard leaves open.
    static let decided: [(String, JSONValue?)] = [
        ("[123.456e-789]", .decimal("123.456e-789")), ("[0.4e00669999999999]", .decimal("0.4e00669999999999")),
        ("[-1e+9999]", .decimal("-1e+9999")), ("[1.5e+9999]", .decimal("1.5e+9999")),
        ("[-123123e100000]", .decimal("-123123e100000")), ("[123123e100000]", .decimal("123123e100000")),
        ("[123e-10000000]", .decimal("123e-10000000")),
        ("[-123123123123123123123123123123]", .decimal("-123123123123123123123123123123")),
        ("[100000000000000000000]", .number(1e20)),
        (
            "[-237462374673276894279832749832423479823246327846]",
            .decimal("-237462374673276894279832749832423479823246327846")
        ),
        (#"["\uDFAA"]"#, nil), (#"["\uDADA"]"#, nil), (#"["\uD888\u1234"]"#, nil), (#"["\uD800\n"]"#, nil),
        (#"["\uDd1ea"]"#, nil), (#"["\uD800\uD800\n"]"#, nil), (#"["\ud800"]"#, nil), (#"["\ud800abc"]"#, nil),
        (#"["\uDd1e\uD834"]"#, nil),
    ]

    @Test(arguments: decided) func whatTheStandardLeavesOpenIsDecided(text: String, value: JSONValue?) {
        #expect((try? JSONReader().decode(JSONValue.self, from: text)) == value.map { .array([$0]) })
    }

    @Test func thePlaceOfAMistakeIsToldAndNotWhatStandsThere() {
        let error = #expect(throws: JSONError.self) { try JSONReader().decode(JSONValue.self, from: #"{"secret" 1}"#) }
        #expect(error?.description == "not valid JSON at byte 10: expected a colon")
        let end = #expect(throws: JSONError.self) { try JSONReader().decode(JSONValue.self, from: #"{"a":[1,"#) }
        #expect(end?.description == "not valid JSON: it ends at byte 8, in the middle of a value")
    }

    @Test func moreBytesThanAllowedAreNotRead() {
        let error = #expect(throws: JSONError.self) {
            try JSONReader(maximumBytes: 4).decode(JSONValue.self, from: "[1,2]")
        }
        #expect(error?.description == "5 bytes of JSON; at most 4 are allowed")
    }
}
