import Foundation
import JSONReading
import KubernetesModel
import Testing

struct ValueTests {
    static let strings: [(String, String)] = [
        (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\ud83d\ude39!""#, "😹!"), (#""a\u0000b""#, "a\0b"), ("\"é👩🏽‍🌾e\u{301}\"", "é👩🏽‍🌾e\u{301}"),
        (#""1234567\n12345678\t""#, "1234567\n12345678\t"), ("\"12345678é\"", "12345678é"),
    ]

    @Test(arguments: strings) func stringsAreReadExactly(json: String, text: String) throws {
        let read = try JSONReader().decode(String.self, from: json)
        #expect(Array(read.utf8) == Array(text.utf8))
    }

    static let numbers: [(String, JSONValue)] = [
        ("0", .integer(0)), ("-0", .number(-0.0)), ("-1", .integer(-1)), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9007199254740993", .integer(9_007_199_254_740_993)),
        ("9223372036854775808", .decimal("9223372036854775808")), ("1.5", .number(1.5)), ("1.50", .number(1.5)),
        ("0.1", .number(0.1)), ("1e3", .number(1000)), ("1E-7", .number(1e-7)),
        ("123456.789e10", .number(123456.789e10)),
        ("12345678901234567890.12", .decimal("12345678901234567890.12")), ("1e999", .decimal("1e999")),
        ("0.30000000000000004", .number(0.1 + 0.2)), ("0.300000000000000041", .decimal("0.300000000000000041")),
        ("-0.0", .number(-0.0)), ("0e999", .number(0)), ("0.001", .number(0.001)), ("1200e-2", .number(12)),
        ("100000000000000000000", .number(1e20)), ("1e22", .number(1e22)), ("1e23", .number(1e23)),
        ("5e-324", .number(.leastNonzeroMagnitude)), ("2e-324", .decimal("2e-324")),
        ("1e-99999999999", .decimal("1e-99999999999")),
        ("-9223372036854775809", .decimal("-9223372036854775809")),
        ("1797693134862315.7e293", .number(.greatestFiniteMagnitude)),
    ]

    @Test(arguments: numbers) func numbersKeepEveryDigit(json: String, value: JSONValue) throws {
        #expect(try JSONReader().decode(JSONValue.self, from: json) == value)
        if case .decimal = value { #expect(value.jsonText == Array(json.utf8)) }
    }

    private struct Sample: Codable, Equatable {
        struct Part: Codable, Equatable {
            var name: String
            var sizes: [Int]?
        }

        var parts: [Part]
        var labels: [String: String]
        var ratio: Double?
        var flag: Bool?
        var byte: UInt8?
    }

    @Test func typesAreDecodedAsFoundationDoes() throws {
        let json = """
            {"ignored": [[{"x": [1, {"y": null}]}]], "parts": [{"name": "a", "sizes": [1, 2.0, -3]}, {"name": "b"}],
             "labels": {"a": "1", "b": "\\u0062"}, "ratio": 1.5e2, "flag": null, "byte": 255}
            """
        let read = try JSONReader().decode(Sample.self, from: json)
        #expect(read == (try JSONDecoder().decode(Sample.self, from: Data(json.utf8))))
        #expect(read.parts[0].sizes == [1, 2, -3])
        #expect(read.labels["b"] == "b")
    }

    // MARK: Keys

    private static let accents = "a\(String(repeating: "\u{301}\u{323}", count: 100))"

    /// A dictionary would bring them into Unicode's normal form, which takes time that goes with the square.
    @Test(arguments: [#""é""#, #""\u00e9""#, "\"\(accents)\""]) func keysOfDictionariesAreASCII(key: String) {
        let bytes = key.utf8.count - 2
        let said = "has a key of \(bytes) bytes with other characters than ASCII's; keys are of these alone"
        let many = (0..<40).map { "\"k\($0)\": 1, " }.joined()
        for json in ["{\"p\": {\(key): 1}}", "{\"p\": {\(many)\(key): 1}}", "{\"p\": [{\"a\": {\(key): 1}}]}"] {
            #expect(throws: DecodingError.self) { try JSONReader().decode(JSONValue.self, from: json) }
            expectFault(json, JSONObject.self, said)
        }
        expectFault("{\"p\": {\(key): 1}}", [String: [String: Int]].self, said)
        expectFault("{\"p\": {\(many)\(key): 1}}", [String: [String: Int]].self, said)
        expectFault("{\"p\": {\(key): \"\"}}", [String: [String: String]].self, said)
    }

    private func expectFault<Value: Decodable & Sendable>(
        _ json: String, _ type: Value.Type, _ said: String, at member: String? = "p"
    ) {
        #expect {
            _ = try JSONReader().decode(type, from: json)
        } throws: {
            guard case DecodingError.dataCorrupted(let context) = $0 else { return false }
            return context.debugDescription == said && context.codingPath.first?.stringValue == member
        }
    }

    @Test func whatATypeDoesNotAskForMayHaveAnyKey() throws {
        let many = (0..<40).map { "\"k\($0)\": 1, " }.joined()
        let json = "{\(many)\"\(Self.accents)\": 1, \"labels\": {}, \"parts\": []}"
        #expect(try JSONReader().decode(Sample.self, from: json) == Sample(parts: [], labels: [:]))
    }

    @Test func peopleSeeShortKeysOfAnyCharacters() throws {
        let reader = JSONReader.forPeople
        #expect(try reader.decode(JSONValue.self, from: #"{"größe": 1}"#) == .object(["größe": .integer(1)]))
        #expect(throws: DecodingError.self) { try reader.decode(JSONValue.self, from: "{\"\(Self.accents)\": 1}") }
    }

    // MARK: Number

    @Test func anObjectHasSixteenThousandMembersAtTheMost() throws {
        func object(_ count: Int) -> String { "{\((0..<count).map { "\"\($0)\": 1" }.joined(separator: ", "))}" }
        let (most, more) = (object(16_000), object(16_001))
        #expect(try JSONReader().decode([String: Int].self, from: most).count == 16_000)
        let sample = { (members: String) in "{\"parts\": [], \"labels\": {}, \"x\": \(members)}" }
        #expect(try JSONReader().decode(Sample.self, from: sample(more)).parts == [], "nobody asks for its members")
        let words = "has 16001 members; at most 16000 are allowed"
        expectFault(more, [String: Int].self, words, at: nil)
        expectFault(more, Sample.self, words, at: nil)
        expectFault("{\"a\": \(more)}", [String: [String: Int]].self, words, at: "a")
    }

    @Test func oneObjectPassesOnFiftyThousandValuesAtTheMost() throws {
        func list(_ count: Int) -> String { "[\(Array(repeating: "1", count: count).joined(separator: ","))]" }
        // The list itself is one, and an object's keys count too.
        let largest = "{\"p\": \(list(24_998)), \"q\": \(list(24_999)), \"r\": \"x\", \"s\": []}"
        #expect(try JSONReader().decode(JSONObject.self, from: largest).count == 4)
        for json in ["{\"p\": \(list(50_000))}", "{\"p\": {\"a\": [\(list(49_999))]}}"] {
            let count = json.contains("a") ? 50_003 : 50_001
            expectFault(
                json, JSONObject.self,
                "has \(count) values and keys; at most 50000 are allowed in all that one object passes on")
        }
        #expect(throws: DecodingError.self) {
            try JSONReader().decode(JSONObject.self, from: "{\"p\": \(list(25_000)), \"q\": \(list(25_000))}")
        }
        for json in [list(50_001), "{\((0..<50_001).map { "\"\($0)\": 1" }.joined(separator: ", "))}"] {
            #expect(throws: DecodingError.self) { try JSONReader().decode([JSONValue].self, from: json) }
            #expect(throws: DecodingError.self) { try JSONReader().decode(JSONObject.self, from: json) }
        }
        #expect(try JSONReader.forPeople.decode(JSONValue.self, from: list(60_000)).array?.count == 60_000)
        // What isn't taken isn't counted.
        #expect(
            try JSONReader().decode(Sample.self, from: "{\"x\": \(list(60_000)), \"labels\": {}, \"parts\": []}").parts
                == [])
    }

    /// What is densest among manifests goes through at its full length; lists and objects of a few bytes don't.
    @Test func listsAndObjectsAreBoundByTheBytes() throws {
        func list(_ element: String, _ count: Int) -> String {
            "[\(Array(repeating: element, count: count).joined(separator: ","))]"
        }
        let reader = JSONReader()
        for (element, count) in [
            (#"{"name":"V1234","value":"x"}"#, 9990), (#"{"secretRef":{"name":"settings"}}"#, 4990),
            (#"{"a":1}"#, 1800), ("[1]", 1300), ("{}", 49_000), ("[]", 49_000), ("1", 49_000),
        ] {
            #expect(try reader.decode(JSONObject.self, from: "{\"p\":\(list(element, count))}").count == 1)
            #expect(try reader.decode([JSONValue].self, from: list(element, count)).count == count)
        }
        expectFault(
            "{\"p\":\(list(#"{"a":1}"#, 10_000))}", JSONObject.self,
            "brings the lists and objects to 10001 in 90003 bytes; at most 1000, and one more for each 20 bytes, are allowed "
                + "in all that one object passes on")
        // What stands around it, and how it is written, don't count: it is read again from other texts.
        let escaped = list(#"{"\u0061":1}"#, 10_000)
        let around = "{\"p\":\(escaped), \"x\": \"\(String(repeating: " ", count: 100_000))\"}"
        expectFault(
            around, JSONObject.self,
            "brings the lists and objects to 10001 in 90003 bytes; at most 1000, and one more for each 20 bytes, are allowed "
                + "in all that one object passes on")
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(throws: DecodingError.self) { try reader.decode(JSONValue.self, from: list(deep, 100)) }
        #expect(throws: DecodingError.self) { try reader.decode([JSONValue].self, from: list(deep, 100)) }
    }

    /// People see all of what anybody writes, and of what nobody does the beginning and how much there is.
    @Test func ofTooManyListsPeopleAreShownAsManyAsAreAllowed() throws {
        func list(_ element: String, _ count: Int) -> String {
            "[\(Array(repeating: element, count: count).joined(separator: ","))]"
        }
        func shown(_ json: String) throws -> [JSONValue] {
            try #require(try JSONReader.forPeople.decode(JSONValue.self, from: json).array)
        }
        let left: JSONValue = .string("(left out: more lists and objects than are shown)")
        let member: JSONValue = .object(["a": .integer(1)])
        #expect(try shown(list(#"{"a":1}"#, 1600)) == Array(repeating: member, count: 1600))
        // In 80,001 bytes 5000, of which the outermost is one.
        let many = try shown(list(#"{"a":1}"#, 10_000))
        #expect(many == Array(repeating: member, count: 4999) + Array(repeating: left, count: 5001))
        #expect(try shown(list("{}", 60_000)).allSatisfy { $0 == .object([:]) })
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let levels = try shown(list(deep, 100))
        #expect(levels.count == 100)
        #expect(levels[0].jsonText == Array(deep.utf8))
        #expect(levels[99] == left)
    }

    /// Elements of a type of its own cost up to a microsecond each, however empty they are: as many as nobody writes aren't made.
    @Test func elementsOfTypesAreBoundByTheBytes() throws {
        struct Holder: Decodable, Sendable {
            let p: [ObjectMeta]?
            let q: [String: ObjectMeta]?
        }
        func list(_ count: Int) -> String { "[\(Array(repeating: "{}", count: count).joined(separator: ","))]" }
        func members(_ count: Int) -> String { "{\((0..<count).map { "\"\($0)\":{}" }.joined(separator: ","))}" }
        let bound = "elements; at most 500, and one more for each 56 bytes, are allowed in one object"
        #expect(try JSONReader().decode([ObjectMeta].self, from: list(500)).count == 500)
        #expect(try JSONReader.forPeople.decode([ObjectMeta].self, from: list(5000)).count == 5000)
        expectFault("{\"p\": \(list(5000))}", Holder.self, "has 5000 \(bound)")
        // All lists and dictionaries of one object count together.
        expectFault("{\"q\": \(members(300)), \"p\": \(list(300))}", Holder.self, "has 300 \(bound)", at: "q")
        let junk = Data("{\"items\":[\(Array(repeating: "{}", count: 5000).joined(separator: ","))]}".utf8)
        var read = 0
        #expect {
            try JSONReader().readList("items", in: junk, member: { _, _ in }, element: { _ in read += 1 })
        } throws: {
            ($0 as? JSONError)?.kind == .tooMany(bytes: junk.count, allowed: 167)
        }
        #expect(read == 167)
    }

    static let mistakes: [(String, String)] = [
        (#"{"parts": [{"name": 1}], "labels": {}}"#, "parts[0].name: expected String"),
        (#"{"parts": [{"name": "a", "sizes": [1, "secret"]}], "labels": {}}"#, "parts[0].sizes[1]: expected Int"),
        (#"{"parts": [{}], "labels": {}}"#, "parts[0]: no field name"),
        (#"{"parts": null, "labels": {}}"#, "parts: no value, expected Array<Any>"),
        (#"{"parts": [], "labels": {"a": "b", "c": 1}}"#, "labels.c: expected String"),
        (#"{"parts": [], "labels": {}, "byte": 256}"#, "byte: the number is not a whole one from 0 to 255"),
        ("[]", "expected Dictionary<String, Any>"),
    ]

    @Test(arguments: mistakes) func aMistakeIsToldWithItsPath(json: String, message: String) {
        let error = #expect(throws: DecodingError.self) { try JSONReader().decode(Sample.self, from: json) }
        #expect(error?.pathAndReason == message)
    }

    @Test func theLastOfTwoMembersOfOneNameCounts() throws {
        let json = #"{"name": "a", "n\u0061me": "b", "sizes": [1]}"#
        #expect(try JSONReader().decode(Sample.Part.self, from: json).name == "b")
        #expect(try JSONReader().decode(JSONValue.self, from: json)["name"] == .string("b"))
        let many = (0..<50).map { #""k\#($0)": "x", "# }.joined()
        #expect(try JSONReader().decode(Sample.Part.self, from: "{\(many)\(json.dropFirst())").name == "b")
    }

    // MARK: Depth

    private func nested(_ levels: Int) -> String {
        String(repeating: #"{"a":"#, count: levels) + "1" + String(repeating: "}", count: levels)
    }

    @Test func sixtyFourLevelsAreReadAndOneMoreIsRefusedWithItsDepth() throws {
        _ = try JSONReader().decode(JSONValue.self, from: nested(64))
        for levels in [65, 128, 129, 600, 100_000] {
            let error = #expect(throws: DecodingError.self) {
                try JSONReader().decode(JSONObject.self, from: #"{"p": [\#(nested(levels - 1))]}"#)
            }
            let told = levels > 65_535 ? "65535 or more" : "\(levels)"
            #expect(error?.pathAndReason == "p: is nested \(told) levels deep; at most 64 are allowed")
        }
    }

    @Test func whatNobodyAsksForMayBeOfAnyDepth() throws {
        let json = #"{"deep": \#(nested(100_000)), "name": "a", "sizes": [1]}"#
        #expect(try JSONReader().decode(Sample.Part.self, from: json) == Sample.Part(name: "a", sizes: [1]))
        let open = String(repeating: "[", count: 1_000_000)
        #expect(throws: JSONError(.unfinished, at: 1_000_000)) { try JSONReader().decode(Sample.self, from: open) }
    }

    @Test func forPeopleADeepValueIsCutAndNotRefused() throws {
        let reader = JSONReader.forPeople
        var value = try reader.decode(JSONValue.self, from: nested(600))
        for _ in 0..<120 { value = try #require(value["a"]) }
        #expect(value == .string("(left out: nested 480 levels deeper)"))
    }

    // MARK: Lists

    @Test func aListIsReadElementByElement() throws {
        let items = #"[{"name": "a"}, {"name": 1} ,{"name": \#(nested(300))}]"#
        let json = #" {"kind": "L", "items": \#(items), "meta": {"v": "2"}} "#
        var members: JSONObject = [:]
        var names: [String] = []
        try JSONReader().readList("items", in: Data(json.utf8)) {
            members[$0] = try JSONValue(from: $1)
        } element: {
            names.append((try? Sample.Part(from: $0))?.name ?? "?")
        }
        #expect(members == ["kind": .string("L"), "meta": .object(["v": .string("2")])])
        #expect(names == ["a", "?", "?"])
    }

    @Test(arguments: [#"{"items": null}"#, #"{"items": []}"#, "{}"]) func aListMayBeEmpty(json: String) throws {
        try JSONReader().readList("items", in: Data(json.utf8)) { _, _ in
        } element: { _ in
            #expect(Bool(false))
        }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"items": [{}}"#, #"{"items": [{},]}"#, #"{"items": [{}]"#, #"{"items": [{}]}x"#,
    ])
    func aBrokenListIsRefused(json: String) {
        #expect(throws: JSONError.self) {
            try JSONReader().readList("items", in: Data(json.utf8)) { _, _ in
            } element: { _ in
            }
        }
    }

    @Test(arguments: ["1", "null", #""{}""#, "[]", "true"]) func aListOfAnythingButObjectsIsRefused(element: String) {
        var read = 0
        #expect(throws: JSONError(.syntax(expected: "an object"), at: 15)) {
            try JSONReader().readList("items", in: Data(#"{"items": [{}, \#(element)]}"#.utf8)) { _, _ in
            } element: { _ in
                read += 1
            }
        }
        #expect(read == 1)
    }
}
