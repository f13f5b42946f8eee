import Foundation
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

@Suite struct TicketTemplateTests {
    private static func template(_ spec: ReportChannelSpec = .tickets()) throws -> TicketTemplate {
        let webhook = try #require(spec.webhook)
        return try #require(try TicketTemplate(webhook))
    }

    private static func json(_ post: TicketPost) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(post.body))
    }

    @Test func opensWithWhatTheAlertHasAndClosesByTheIdOfTheAnswer() throws {
        let template = try Self.template()
        let open = template.post(of: .fixture(.opening))
        let key = TicketRule.id(trigger: "u-1", .ticketed())
        #expect(open.id == "\(key)-open" && open.method == .post && open.url == "https://hooks.example.com/reports?x=1")
        #expect(open.answersID == JSONPointer("/data/id"))
        #expect(
            try Self.json(open)
                == .object([
                    "title": .string("press-4 has stopped"), "dedup": .string(key),
                    // What the alert lacks is empty.
                    "more": .array([.object(["text": .string("")]), .integer(3)]),
                ]))
        let close = template.post(of: .fixture(.closing) { $0.endedAt = .start })
        #expect(close.id == "\(key)-close" && close.method == .patch && close.answersID == nil)
        #expect(close.url == "https://hooks.example.com/tickets/T%207")
        #expect(
            try Self.json(close)
                == .object(["state": .string("closed"), "at": .string(Timestamp(.start).description)]))
        #expect(template.labels == ["machine"] && template.annotations == ["summary"] && template.needsID)
    }

    /// The same bytes at each try: a receiver that compares them by hash sees one message.
    @Test func bodyIsTheSameForEachTry() throws {
        var again = TicketEntry.fixture(.opening)
        (again.tries, again.epoch, again.at) = (3, 7, again.at.after(900))
        #expect(try Self.template().post(of: again) == Self.template().post(of: .fixture(.opening)))
    }

    @Test(
        "Nothing breaks out of a string",
        arguments: [#"", "admin": "yes"#, #"\"#, "a\nb\u{0}", "{key}{label:x}", "}{", "\u{2028}ä\u{301}", #"\u0022"#])
    func nothingBreaksOut(value: String) throws {
        let post = try Self.template().post(
            of: .fixture(.opening) {
                $0.labels = ["machine": value]
                $0.annotations = ["summary": value]
            })
        let body = try Self.json(post)
        #expect(body["title"] == .string("\(value) has stopped"))
        #expect(body["more"]?.array?.first == .object(["text": .string(value)]))
        #expect(body.object?.count == 3)
    }

    @Test(
        "An address stays on its server and in its segment",
        arguments: [
            ("../../admin", "..%2F..%2Fadmin"), ("a?b#c", "a%3Fb%23c"), ("ä", "%C3%A4"), ("7", "7"),
            ("@evil.example", "%40evil.example"),
        ])
    func addressKeepsItsSegment(id: String, segment: String) throws {
        let post = try Self.template().post(of: .fixture(.closing) { $0.ticketID = id })
        #expect(post.url == "https://hooks.example.com/tickets/\(segment)")
    }

    typealias Change = @Sendable (inout ReportChannelSpec.Webhook.Ticket) -> Void

    static let wrong: [(Change, String, String)] = [
        ({ $0.open.body = ["a": .string("{label}")] }, "open.body.a", "is unknown here"),
        ({ $0.open.body = ["a": .string("{id}")] }, "open.body.a", "is unknown here"),
        ({ $0.open.body = ["a": .string("{endedAt}")] }, "open.body.a", "{since}"),
        ({ $0.close.body = ["a": .array([.string("{x")])] }, "close.body.a[0]", "is not closed"),
        ({ $0.close.url = "https://hooks.example.com/{label:machine}" }, "close.url", "is unknown here"),
        ({ $0.close.url = "https://elsewhere.example.com/{id}" }, "close.url", "must be on the server"),
        ({ $0.close.url = "https://{id}.example.com/" }, "close.url", "must be on the server"),
        ({ $0.close.url = "https://hooks.example.com:{id}/" }, "close.url", "must be on the server"),
        ({ $0.close.url = "https://hooks.example.com.{id}/" }, "close.url", "must be on the server"),
        ({ $0.close.url = "http://hooks.example.com/{id}" }, "close.url", "must be on the server"),
        ({ $0.close.url = "https://hooks.example.com:8443/{id}" }, "close.url", "must be on the server"),
        ({ $0.id = nil }, "id", "is required where {id} is used"),
        ({ $0.id = "id" }, "id", "is not a JSON Pointer"), ({ $0.id = "/a~2" }, "id", "is not a JSON Pointer"),
        ({ $0.open.body = ["a": .string(String(repeating: "x", count: 40_000))] }, "open.body", "at most"),
    ]

    @Test("What can't be sent is told with its field", arguments: wrong)
    func faults(change: Change, place: String, words: String) {
        let faults = ChannelCheck.faults(in: .tickets { change(&$0) }, at: "spec")
        #expect(
            faults.contains { $0.hasPrefix("spec.webhook.ticket.\(place): ") && $0.contains(words) }, "\(faults)")
    }

    @Test func soundOnesHaveNone() {
        #expect(ChannelCheck.faults(in: .tickets(), at: "spec") == [])
        let byKey = ReportChannelSpec.tickets {
            ($0.id, $0.close.url, $0.close.method) = (nil, nil, nil)
            $0.close.body = ["dedup_key": .string("{key}"), "event_action": .string("resolve")]
        }
        #expect(ChannelCheck.faults(in: byKey, at: "spec") == [])
    }

    @Test(
        "A pointer leads to one place, or nowhere",
        arguments: [
            ("/data/id", #"{"data": {"id": "T-7"}}"#, "T-7"), ("/0/key", #"[{"key": 12}]"#, "12"),
            ("/a~1b/~0c", #"{"a/b": {"~c": "x"}}"#, "x"), ("/", #"{"": "x"}"#, "x"),
            ("/data", #"{"data": {"id": "T-7"}}"#, nil), ("/1", #"["x"]"#, nil), ("/-1", #"["x"]"#, nil),
            ("/id", #"{"id": ""}"#, nil), ("/id", #"{"id": ".."}"#, nil), ("/id", #"{"id": 1.5}"#, nil),
            ("/id", #"{"id": true}"#, nil), ("/id", #"{"id": "a\nb"}"#, nil),
        ])
    func pointers(pointer: String, text: String, id: String?) throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let place = try #require(JSONPointer(pointer))
        #expect(TicketRule.ticketID(place.value(in: value)) == id)
    }

    @Test func firingsHaveKeysOfTheirOwn() {
        let alerts: [ReportTriggerStatus.Alert] = [.ticketed(), .ticketed("b2"), .ticketed(since: 1)]
        let ids = alerts.map { TicketRule.id(trigger: "u-1", $0) } + [TicketRule.id(trigger: "u-2", alerts[0])]
        #expect(Set(ids).count == 4)
        // Whatever is heard of it later.
        #expect(TicketRule.id(trigger: "u-1", .ticketed(heard: 90, ended: 100)) == ids[0])
    }
}
