import GatewayAPI
import KubernetesModel
import Testing

/// What is sent is read as the contract says: nothing that it allows is refused as wrong, nothing that it doesn't is taken.
@Suite struct BodyContractTests {
    static let bodies = [
        "NewRequest", "NewRequester", "RequestPatch", "NewDelivery", "NewSchedule", "ScheduleReplacement",
        "SchedulePatch", alerts,
    ]
    /// Of another program's making: more members may come.
    private static let alerts = "Alerts"

    /// With every member that there is.
    private static let rich: [String: String] = {
        let wish = #"""
            "pipeline":"trial-balance","parameters":{"period":"2026-09","accounts":[1,2]},"formats":["pdf","xlsx"],
            "deliver":[{"channel":"mail","to":["dana@example.com"],"cc":["ada@example.com"],"replyTo":"a@example.com",
              "formats":["pdf"],"when":"Always","unless":"Empty","only":{"account":"1000"},"attach":"never",
              "fileName":"tb-{period}","subject":"Trial balance","text":"Here it is"}],
            "priority":-5,"ttlSecondsAfterFinished":60,"requester":{"name":"Dana","email":"dana@example.com"}
            """#
        let timing = #"""
            "schedule":"0 6 1 * *","timeZone":"Europe/Berlin","concurrencyPolicy":"Forbid",
            "startingDeadlineSeconds":3600,"suspend":false
            """#
        return [
            "NewRequest": #"{"namespace":"finance","name":"tb-1",\#(wish)}"#,
            "RequestPatch": #"{"priority":3,"ttlSecondsAfterFinished":null}"#,
            "NewDelivery": #"""
            {"report":"u-1","channel":"mail","to":["dana@example.com"],"cc":[],"formats":["pdf"],"subject":"x",
             "text":"y","only":{"account":"1000"},"onlyMissing":true}
            """#,
            "NewSchedule": #"{"namespace":"finance","name":"monthly",\#(timing),\#(wish)}"#,
            "ScheduleReplacement": #"{\#(timing),\#(wish),"resourceVersion":"5"}"#,
            "SchedulePatch": #"{"suspend":true}"#,
            alerts: #"""
            {"version":"4","alerts":[{"status":"firing","fingerprint":"01fe","labels":{"alertname":"Stopped"},
             "annotations":{"summary":"it stands"}}]}
            """#,
        ]
    }()

    /// Nil where it is taken.
    private static func problem(_ name: String, _ json: JSONValue) -> Problem? {
        let bytes = json.jsonText
        do throws(Problem) {
            switch name {
            case "NewRequest": _ = try NewRequestBody(bytes)
            case "RequestPatch": _ = try RequestPatchBody(bytes)
            case "NewDelivery": _ = try NewDeliveryBody(bytes)
            case "NewSchedule": _ = try NewScheduleBody(bytes)
            case "ScheduleReplacement": _ = try ScheduleReplacementBody(bytes)
            case alerts: _ = try AlertsBody(bytes)
            default: _ = try SchedulePatchBody(bytes)
            }
            return nil
        } catch { return error }
    }

    @Test(arguments: rich.keys.sorted())
    func theRichOneHasEveryPropertyAndIsTaken(name: String) throws {
        let body = try JSONValue.reading(try #require(Self.rich[name]))
        var checker = try SchemaChecker.contract(isClosed: true)
        try checker.check(body, named: name)
        #expect(checker.faults.isEmpty, "\(checker.faults)")
        #expect(try checker.properties(of: name).subtracting(checker.seen).isEmpty)
        #expect(try checker.properties(of: "Deliver").subtracting(checker.seen).isEmpty || body["deliver"] == nil)
        #expect(Self.problem(name, body) == nil)
    }

    @Test(arguments: rich.keys.filter { $0 != alerts }.sorted())
    func itTakesExactlyTheMembersOfTheSchema(name: String) throws {
        let text = try #require(Self.rich[name])
        var members = try #require(try JSONValue.reading(text).object)
        members["surplus"] = .integer(1)
        let problem = try #require(Self.problem(name, .object(members)))
        #expect(problem.status == 422)
        #expect(problem.errors.map(\.field) == ["surplus"])
        let listed = try #require(problem.errors.first?.message.split(separator: "allowed are ").last)
        let schema = try SchemaChecker.contract().schema(name)
        #expect(
            Set(listed.split(separator: ", ").map(String.init)) == Set(try #require(schema["properties"]?.object).keys))
    }

    private static let values: [JSONValue] = [
        .null, .bool(true), .integer(0), .integer(-1), .integer(1000), .integer(1001), .integer(2_147_483_647),
        .integer(2_147_483_648), .number(10), .number(10.5), .number(1e300), .decimal("12345678901234567890"),
        .string(""), .string("a"), .string("finance"), .string("Not A Name"), .string("a..b"), .string("-a"),
        .string(String(repeating: "a", count: 53)), .string(String(repeating: "a", count: 254)),
        .string(String(repeating: "ü", count: 200)), .string(String(repeating: "🏭", count: 5000)), .string("a@b"),
        .string("a b@c"), .string("@b"), .string("a@b@c"), .string("Europe/Berlin"), .string("Europe//Berlin"),
        .string("/"), .string("pdf"), .string("doc"), .string("Always"), .string("Forbid"), .string("\0"),
        .array([]), .array([.string("pdf")]), .array([.string("pdf"), .string("pdf")]), .array([.string("a@b.c")]),
        .array([.integer(1)]), .array([.null]), .array(Array(repeating: .object([:]), count: 3)),
        .array((0..<201).map { .string("a\($0)@b.c") }), .object([:]), .object(["a": .string("b")]),
        .object(["a": .integer(1)]), .object(["name": .string("")]), .object(["email": .string("a@b")]),
        .object(JSONObject((0..<65).map { ("p\($0)", JSONValue.integer(1)) })),
    ]

    /// Each place of a body in turn with each of many values: the body takes it where the schema does, and nowhere else.
    @Test(arguments: rich.keys.sorted())
    func itTakesWhatTheSchemaTakes(name: String) throws {
        let body = try JSONValue.reading(try #require(Self.rich[name]))
        let checker = try SchemaChecker.contract()
        var count = 0
        for path in Self.places(in: body) {
            for value in Self.values + [nil] {
                let changed = body.replacing(path[...], by: value)
                var checker = checker
                try checker.check(changed, named: name)
                let problem = Self.problem(name, changed)
                let shown = value.map { String(decoding: $0.jsonText.prefix(100), as: UTF8.self) } ?? "left out"
                #expect(
                    (problem == nil) == checker.faults.isEmpty,
                    "\(path): \(shown) \(checker.faults) \(problem?.detail ?? "")")
                if let problem { #expect(problem.status == (changed.object == nil ? 400 : 422)) }
                count += 1
            }
        }
        #expect(count > 50)
    }

    /// The ways to all members and elements; the empty one is the body itself.
    private static func places(in value: JSONValue) -> [[JSONStep]] {
        switch value {
        case .object(let members):
            [[]]
                + members.sorted { $0.key < $1.key }.flatMap { key, inner in places(in: inner).map { [.key(key)] + $0 }
                }
        case .array(let elements):
            [[]] + elements.enumerated().flatMap { index, inner in places(in: inner).map { [.index(index)] + $0 } }
        case .null, .bool, .integer, .number, .decimal, .string: [[]]
        }
    }
}

enum JSONStep: Hashable {
    case key(String)
    case index(Int)
}

extension JSONValue {
    /// nil: without what is there.
    func replacing(_ path: ArraySlice<JSONStep>, by value: JSONValue?) -> JSONValue {
        guard let step = path.first else { return value ?? .object([:]) }
        let rest = path.dropFirst()
        switch (step, self) {
        case (.key(let key), .object(var members)):
            members[key] = rest.isEmpty && value == nil ? nil : members[key]?.replacing(rest, by: value)
            return .object(members)
        case (.index(let index), .array(var elements)):
            if rest.isEmpty, value == nil {
                elements.remove(at: index)
            } else {
                elements[index] = elements[index].replacing(rest, by: value)
            }
            return .array(elements)
        default: return self
        }
    }
}
