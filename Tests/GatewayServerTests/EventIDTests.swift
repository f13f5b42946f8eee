import Testing

@testable import GatewayServer

struct EventIDTests {
    @Test(arguments: ["requests=412,deliveries=398", "pipelines=1", ""])
    func asItWasWritten(text: String) {
        let id = text.isEmpty ? EventID() : EventID(text)
        #expect(id?.description == text)
    }

    @Test(arguments: [
        "", ",", "requests", "requests=", "requests=-1", "requests=1 ", "requests=1,requests=2", "reports=1",
        "requests=1,", "requests=one", "requests=1\n", String(repeating: "9", count: 300),
    ])
    func whatIsNoneIsRefused(text: String) { #expect(EventID(text) == nil) }

    @Test func itNeverGoesBack() {
        var id = EventID([.requests: "9"])
        id.advance(.requests, to: "10")
        id.advance(.requests, to: "9")
        id.advance(.schedules, to: "2")
        #expect(id.description == "requests=10,schedules=2")
    }

    @Test func anEventIsOneFrame() {
        let event = GatewayEvent(
            kind: .requests, namespace: "a", version: "7", id: EventID([.requests: "7"]), isFirst: true,
            name: "request",
            data: Array(#"{"name":"x"}"#.utf8))
        #expect(
            String(decoding: event.bytes, as: UTF8.self)
                == "id: requests=7\nevent: request\ndata: {\"name\":\"x\"}\n\n")
    }
}
