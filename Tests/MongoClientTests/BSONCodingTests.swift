import FoundationEssentials
import MongoClient
import Testing

@Suite struct BSONCodingTests {
    struct Sample: Codable, Equatable {
        enum Color: String, Codable { case red, green }
        struct Part: Codable, Equatable {
            var name: String
            var weight: Double?
        }

        var text = "grün \u{1F4C8} \0 end"
        var flag = true
        var wide = Int64.min
        var narrow = Int32.max
        var plain = -5
        var byte: UInt8 = 255
        var unsigned: UInt32 = .max
        var real = -0.1
        var float: Float = 0.5
        var date = Date(timeIntervalSince1970: 1_700_000_000.123)
        var data = Data([0, 1, 2, 255])
        var bytes: [UInt8] = [9, 0, 8]
        var money = BSONDecimal128("1234567890.10")
        var absent: String?
        var color = Color.green
        var parts = [Part(name: "a", weight: 1.25), Part(name: "", weight: nil)]
        var table = ["x": [1, 2], "y.z$": []]
        var nested: [[Part]] = [[], [Part(name: "deep", weight: 2)]]
        var optionals: [Int?] = [1, nil, 3]
        var raw: BSONDocument = ["k": .minKey]
    }

    @Test func everythingComesBackAsItWas() throws {
        let document = try BSONEncoder().encode(Sample())
        #expect(try BSONDecoder().decode(Sample.self, from: document) == Sample())
        #expect(try BSONDocument(extendedJSON: document.extendedJSON) == document)
    }

    @Test func typesAreThoseOfBSON() throws {
        let document = try BSONEncoder().encode(Sample())
        #expect(document["date"] == .date(milliseconds: 1_700_000_000_123))
        #expect(document["data"] == .binary(BSONBinary([0, 1, 2, 255])))
        #expect(document["bytes"] == .binary(BSONBinary([9, 0, 8])))
        #expect(document["wide"] == .int64(.min))
        #expect(document["plain"] == .int64(-5))
        #expect(document["narrow"] == .int32(.max))
        #expect(document["byte"] == .int32(255))
        #expect(document["money"] == BSONDecimal128("1234567890.10").map(BSONValue.decimal128))
        #expect(document["optionals"] == [.int64(1), .null, .int64(3)])
        #expect(!document.keys.contains("absent"))
    }

    /// Containers that stay open while others are written.
    struct Interleaved: Encodable {
        enum Keys: String, CodingKey { case first, list, second, inner, zero = "z\0" }
        var hasBadKey = false

        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: Keys.self)
            try outer.encode(1, forKey: .first)
            var list = outer.nestedUnkeyedContainer(forKey: .list)
            try list.encode("a")
            var inner = list.nestedContainer(keyedBy: Keys.self)
            try list.encode("c")
            try inner.encode("b", forKey: .inner)
            try outer.encode(2, forKey: .second)
            try list.encode(["d"])
            if hasBadKey { _ = outer.nestedUnkeyedContainer(forKey: .zero) }
        }
    }

    @Test func containersMayBeWrittenInTurns() throws {
        let document = try BSONEncoder().encode(Interleaved())
        #expect(
            document == [
                "first": .int64(1), "list": ["a", ["inner": "b"], "c", ["d"]], "second": .int64(2),
            ])
    }

    @Test func whatBSONCannotHoldIsAnError() {
        func refused(_ value: some Encodable) -> MongoError? {
            do throws(MongoError) { _ = try BSONEncoder().encode(value) } catch { return error }
            return nil
        }
        #expect(refused(["number": UInt64.max])?.message.contains("number") == true)
        #expect(refused(["a\0b": 1])?.kind == .coding)
        #expect(refused(Interleaved(hasBadKey: true))?.kind == .coding)
        #expect(refused(["date": Date(timeIntervalSince1970: 1e300)])?.kind == .coding)
        #expect(refused(5)?.kind == .coding)
        #expect(refused([1])?.kind == .coding)
    }

    @Test func errorsTellTheWay() {
        struct Outer: Codable { var parts: [Sample.Part] }
        let cases: [(BSONDocument, String)] = [
            ([:], "parts"), (["parts": [["name": 5]]], "parts.0.name: a whole number where text should be"),
            (["parts": [["name": "a"], ["name": "a", "weight": "x"]]], "parts.1.weight: text where a number"),
        ]
        for (document, text) in cases {
            do throws(MongoError) {
                _ = try BSONDecoder().decode(Outer.self, from: document)
                Issue.record("decoded \(document)")
            } catch {
                #expect(error.message.contains(text), "\(error)")
            }
        }
    }

    @Test func numbersAreReadFromAnyWidthThatFits() throws {
        struct Number: Codable { var n: Int16 }
        struct Real: Codable { var n: Double }
        #expect(try BSONDecoder().decode(Number.self, from: ["n": .int64(7)]).n == 7)
        #expect(try BSONDecoder().decode(Real.self, from: ["n": 7]).n == 7)
        #expect(throws: MongoError.self) { try BSONDecoder().decode(Number.self, from: ["n": .int64(70000)]) }
        #expect(throws: MongoError.self) { try BSONDecoder().decode(Number.self, from: ["n": 7.0]) }
    }

    @Test(arguments: [
        "0", "-0", "1.10", "-1234.50", "1E+3", "0.000001", "9.999999999999999999999999999999999E+6144", "Infinity",
        "NaN",
        "1234567890123456789012345678901234",
    ])
    func decimalsKeepTheirText(text: String) throws {
        let value = try #require(BSONDecimal128(text))
        #expect(value.description == text)
    }

    @Test(arguments: ["", "abc", "1.2.3", "12345678901234567890123456789012345", "1\0"])
    func noDecimalIsMadeOfOtherText(text: String) {
        #expect(BSONDecimal128(text) == nil)
    }

    @Test func documentsCanBeTakenApart() {
        let document: BSONDocument = ["a": 1, "b": ["c": 2], "d": "e"]
        #expect(document.filter(keys: { $0 != "b" }) == ["a": 1, "d": "e"])
        #expect(document.filter(keys: { $0 == "b" }) == ["b": ["c": 2]])
        #expect(document["z"] == nil)
    }
}
