import JSONReading
import KubernetesModel
import TestSupport
import Testing

/// Members are kept in two ways, which nobody sees: whatever is done, they are those of a dictionary.
@Suite struct JSONObjectTests {
    /// A thousand changes by the seed, of as many names as let it go to and fro between the two.
    @Test(arguments: [1, 2, 3] as [UInt64]) func itHoldsWhatADictionaryHolds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (object, dictionary) = (JSONObject(), [String: JSONValue]())
        for step in 0..<1000 {
            let name = "n\(UInt64.random(in: 0..<18, using: &random))"
            // More is added than taken away, then less.
            if Int.random(in: 0..<10, using: &random) < (step / 100 % 2 == 0 ? 7 : 3) {
                object[name] = .integer(Int64(step))
                dictionary[name] = .integer(Int64(step))
            } else {
                #expect(object.removeValue(forKey: name) == dictionary.removeValue(forKey: name))
            }
            #expect(object.count == dictionary.count)
            #expect(object[name] == dictionary[name])
        }
        #expect(object.keys.sorted() == dictionary.keys.sorted())
        #expect(dictionary.allSatisfy { object[$0] == $1 })
    }

    private static func names(_ count: Int) -> [(String, JSONValue)] {
        (0..<count).map { ("n\($0)", .integer(Int64($0))) }
    }

    /// However they came to be.
    @Test(arguments: [0, 1, 8, 9, 10, 40]) func thoseWithTheSameMembersAreEqual(count: Int) throws {
        let object = JSONObject(Self.names(count))
        var others = [JSONObject(Self.names(count).reversed())]
        var shrunk = JSONObject(Self.names(count + 30))
        for (name, _) in Self.names(count + 30).dropFirst(count) { shrunk[name] = nil }
        others.append(shrunk)
        others.append(JSONObject(Self.names(count + 30)).filter { $0.value != .null && object[$0.key] != nil })
        others.append(
            JSONObject(Self.names(count + 30)).compactMapValues { value in object.values.contains(value) ? value : nil }
        )
        others.append(try JSONReader().decode(JSONObject.self, from: JSONValue.object(object).jsonText))
        for other in others {
            #expect(other == object)
            #expect(other.hashValue == object.hashValue)
            #expect(JSONValue.object(other).jsonText == JSONValue.object(object).jsonText)
        }
        #expect(object != JSONObject(Self.names(count + 1)))
    }

    /// As servers read it.
    @Test(arguments: [1, 30]) func ofMembersOfOneNameTheLastCounts(others: Int) throws {
        let rest = (0..<others).map { "\"n\($0)\":0" }.joined(separator: ",")
        let object = try JSONReader().decode(JSONObject.self, from: "{\"a\":1,\(rest),\"a\":2}")
        #expect(object["a"] == .integer(2))
        #expect(object.count == others + 1)
        #expect(object == JSONObject([("a", .integer(2))] + Self.names(others).map { ($0.0, .integer(0)) }))
    }

    @Test func itIsWrittenInTheOrderOfItsNames() {
        let names = ["b", "a", "c"]
        #expect(
            JSONValue.object(JSONObject(names.map { ($0, .null) })).jsonText
                == Array(#"{"a":null,"b":null,"c":null}"#.utf8))
        #expect(JSONObject(Self.names(40)).inOrder.map(\.key) == Self.names(40).map(\.0).sorted())
    }

    @Test func laidOverEachOtherTheUpperWins() {
        let lower: JSONValue = .object(["a": .object(["x": .integer(1), "y": .integer(1)]), "b": .integer(1)])
        let upper: JSONValue = .object(["a": .object(["y": .integer(2)]), "c": .integer(2)])
        let merged: JSONValue = .object([
            "a": .object(["x": .integer(1), "y": .integer(2)]), "b": .integer(1), "c": .integer(2),
        ])
        #expect(lower.merging(upper) == merged)
    }
}
