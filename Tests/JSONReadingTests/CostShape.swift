import Foundation
import JSONReading
import KubernetesModel

/// Texts of one shape and of any length, and what they are read into.
struct CostShape: Sendable, CustomStringConvertible {
    enum Reading: Sendable {
        /// What passes through from people to pods: a member, or each member or element.
        case value, members, elements
        case people
        case texts, textsByKey, integers, doubles, integersByKey
        /// A list of dictionaries.
        case tables
        /// A type that asks for none of it, and for what every object has.
        case nothing, metadata
        /// A list of a type of its own, each element of which has many members.
        case objects
        /// Pods in a list of the API server's, each by itself.
        case pods
    }

    let description: String
    let reading: Reading
    /// Whether a hundred kilobytes of it are read, and not refused.
    let isRead: Bool
    private let make: @Sendable (Int) -> String

    private init(_ name: String, _ reading: Reading, isRead: Bool = true, _ make: @escaping @Sendable (Int) -> String) {
        description = "\(name), as \(reading)"
        self.reading = reading
        self.isRead = isRead
        self.make = make
    }

    /// Of about that number of bytes.
    func text(_ bytes: Int) -> String { reading == .pods ? "{\"items\":\(make(bytes))}" : make(bytes) }

    private static func list(_ element: String) -> @Sendable (Int) -> String {
        { bytes in
            let count = bytes / (element.utf8.count + 1)
            return "[\(Array(repeating: element, count: count).joined(separator: ","))]"
        }
    }

    private static func object(_ member: @escaping @Sendable (String) -> String) -> @Sendable (Int) -> String {
        { bytes in
            let count = bytes / (member("1000").utf8.count + 1)
            return "{\((0..<count).map { member(String($0, radix: 36)) }.joined(separator: ","))}"
        }
    }

    private static func one(_ begin: String, _ middle: String, _ end: String) -> @Sendable (Int) -> String {
        { "\(begin)\(String(repeating: middle, count: $0 / middle.utf8.count))\(end)" }
    }

    /// As many members as are kept in a row, and one more, each with a key that comes before the ones before it.
    private static func backwards(_ count: Int, _ key: String) -> String {
        "{\((0..<count).reversed().map { "\"\(key)\(UnicodeScalar(UInt8(97 + $0)))\":1" }.joined(separator: ","))}"
    }

    private static func nested(_ begin: String, _ middle: String, _ end: String, _ levels: Int) -> String {
        String(repeating: begin, count: levels) + middle + String(repeating: end, count: levels)
    }

    static let all = passedOn + keys + typed + shownToPeople

    private static let variable = #"{"name":"V1234","value":"some"}"#

    private static let passedOn: [CostShape] =
        ["[]", "{}", "\"\"", "null", "12", "1.5", "\"\\n\"", variable].flatMap { element in
            [Reading.value, .elements].map { CostShape("a list of \(element)", $0, list(element)) }
        }
        + ["[1]", #"{"a":1}"#, #"{"":1}"#, nested("[", "", "]", 60), nested(#"{"":"#, "1", "}", 60)].map {
            CostShape("a list of \($0.prefix(8)) (\($0.utf8.count) bytes)", .value, isRead: false, list($0))
        }
        + [
            CostShape("8 short keys backwards", .value, list(backwards(8, ""))),
            CostShape("8 long keys backwards", .value, list(backwards(8, "spec.template.metadata."))),
            CostShape("9 short keys backwards", .value, list(backwards(9, ""))),
            CostShape("digits", .value, isRead: false, list("1")),
            CostShape("numbers of seventeen digits", .value, list("0.30000000000000004")),
            CostShape("numbers of nineteen digits", .value, list("9223372036854775808")),
            CostShape("numbers of sixty digits", .value, list(String(repeating: "7", count: 60))),
            CostShape("numbers too small", .value, list("1e-400")),
            CostShape("chains 480 deep", .value, isRead: false, list(nested(#"{"a":"#, "1", "}", 480))),
            CostShape("one deep chain", .value, isRead: false) { nested("[", "", "]", $0 / 2) },
            CostShape("one number", .value, one("[1", "7", "]")),
            CostShape("one string", .value, one("[\"", "plain text, ", "\"]")),
            CostShape("one string with escapes", .value, one("[\"", #"text\n\u00e9\"\\ 😀"#, "\"]")),
            CostShape("one string with accents", .value, one("[\"e", "\u{301}\u{323}", "\"]")),
        ]

    private static let keys: [CostShape] =
        [Reading.value, .members, .integersByKey].flatMap { reading in
            [
                CostShape("short keys", reading, object { "\"\($0)\":1" }),
                CostShape("keys with escapes", reading, object { "\"\\n\($0)\":1" }),
                CostShape("one key many times", reading, object { _ in "\"k\":1" }),
                CostShape("keys with accents", reading, isRead: false, object { "\"\($0)e\u{301}\u{344}e\u{301}\":1" }),
                CostShape("one key of accents", reading, isRead: false, one("{\"a", "\u{301}", "\":1}")),
                CostShape(
                    "one key of accents of two classes", reading, isRead: false, one("{\"a", "\u{301}\u{323}", "\":1}")),
                CostShape("one key of escaped accents", reading, isRead: false, one("{\"a", #"\u0301\u0323"#, "\":1}")),
                CostShape("one key", reading, one("{\"", "k", "\":1}")),
            ]
        }

    private static let typed: [CostShape] = [
        CostShape("empty strings", .texts, list("\"\"")),
        CostShape("digits", .integers, list("1")),
        CostShape("numbers", .doubles, list("1.5")),
        CostShape("short keys", .textsByKey, object { "\"\($0)\":\"\"" }),
        CostShape("as many short keys as are allowed", .tables) { bytes in
            let table = object { "\"\($0)\":1" }
            // Of seven to nine bytes each.
            let lengths = stride(from: bytes, to: 0, by: -120_000).map { min($0, 120_000) }
            return "[\(lengths.map(table).joined(separator: ","))]"
        },
        CostShape("short keys", .metadata, object { "\"\($0)\":1" }),
        CostShape("one key with escapes", .metadata, one("{\"", "\\n", "\":1}")),
        CostShape("labels", .metadata) { "{\"labels\":\(object { "\"\($0)\":\"\"" }($0))}" },
        CostShape("finalizers", .metadata) { "{\"finalizers\":\(list("\"a/a\"")($0))}" },
        CostShape("owners", .metadata) {
            "{\"ownerReferences\":\(list(owner)($0))}"
        },
        CostShape("lists of lists", .nothing, list("[[1],{}]")),
        CostShape("one deep chain", .nothing) { "{\"a\":\(nested("[", "", "]", $0 / 2))}" },
        CostShape("a list of pods", .pods, list(pod)),
        CostShape("a list of 1", .pods, isRead: false, list("1")),
        CostShape("a list of {}", .pods, isRead: false, list("{}")),
        CostShape("a list of {} apart", .pods, isRead: false, list("{}" + String(repeating: " ", count: 80))),
        CostShape("a list of {}", .objects, isRead: false, list("{}")),
        CostShape("a list of {} apart", .objects, list("{}" + String(repeating: " ", count: 54))),
    ]

    private static let shownToPeople: [CostShape] = [
        CostShape("a list of variables", .people, list(variable)),
        CostShape("a list of {\"a\":1}", .people, list(#"{"a":1}"#)),
        CostShape("lists 60 deep", .people, list(nested("[", "", "]", 60))),
        CostShape("short keys with umlauts", .people, object { "\"ä\($0)\":1" }),
        CostShape(
            "keys of accents", .people, object { "\"\($0)\(String(repeating: "\u{301}\u{323}", count: 28))\":1" }),
        CostShape("one key of accents", .people, isRead: false, one("{\"a", "\u{301}\u{323}", "\":1}")),
    ]

    /// With the shortest names there are.
    private static let owner =
        #"{"apiVersion":"v1","kind":"a","name":"a","uid":"5f3c0a52-9d0e-4a55-8b70-0c8f1d1d3a10"}"#

    private static let pod = """
        {"metadata":{"name":"p","namespace":"a","uid":"u","resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z",
        "labels":{"a":"b","c":"d"},"managedFields":[{"manager":"m","fieldsV1":{"f:metadata":{"f:labels":{"f:a":{},"f:b":{}}}}}],
        "ownerReferences":[{"apiVersion":"batch/v1","kind":"Job","name":"j","uid":"v","controller":true}]},
        "spec":{"containers":[{"name":"c","image":"registry.example/etl:1","env":[{"name":"A","value":"some text"},
        {"name":"B","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]},
        "status":{"phase":"Running","podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"}]}}
        """
}

extension CostShape.Reading {
    private struct Nothing: Decodable {}

    /// Whether it was read, and not refused.
    func read(_ data: Data) -> Bool {
        switch self {
        case .value: return isRead(JSONValue.self, data)
        case .members: return isRead(JSONObject.self, data)
        case .elements: return isRead([JSONValue].self, data)
        case .people: return isRead(JSONValue.self, data, by: .forPeople)
        case .texts: return isRead([String].self, data)
        case .textsByKey: return isRead([String: String].self, data)
        case .integers: return isRead([Int].self, data)
        case .doubles: return isRead([Double].self, data)
        case .integersByKey: return isRead([String: Int].self, data)
        case .tables: return isRead([[String: Int]].self, data)
        case .nothing: return isRead(Nothing.self, data)
        case .metadata: return isRead(ObjectMeta.self, data)
        case .objects: return isRead([ObjectMeta].self, data)
        case .pods:
            guard let list = try? ResourceList<Pod>(reading: data) else { return false }
            return !list.items.isEmpty && list.undecodable.isEmpty
        }
    }

    private func isRead<Value: Decodable>(_ type: Value.Type, _ data: Data, by reader: JSONReader = JSONReader())
        -> Bool
    {
        (try? reader.decode(type, from: data)) != nil
    }
}
