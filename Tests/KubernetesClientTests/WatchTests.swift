import Foundation
import HTTPTransport
import KubernetesModel
import LoopbackSupport
import Testing

@testable import KubernetesClient

struct WatchTests {
    private typealias Reply = LoopbackServer.Reply

    private func event(_ type: String, _ object: String) -> String {
        #"{"type":"\#(type)","object":\#(object)}"# + "\n"
    }

    private func events(_ text: String) -> [WatchEvent<Widget>] {
        var splitter = FrameSplitter()
        splitter.append(Data(text.utf8))
        var events: [WatchEvent<Widget>] = []
        while let frame = splitter.next() { events.append(WatchEvent(frame)) }
        return events
    }

    @Test func changesDecode() throws {
        let found = events(
            event("ADDED", Widget.json("x", version: "5")) + event("MODIFIED", Widget.json("x", version: "6"))
                + event("DELETED", Widget.json("x", version: "7"))
                + event("BOOKMARK", #"{"kind":"Widget","metadata":{"resourceVersion":"8"}}"#))
        guard case .added(let added) = found[0], case .modified = found[1], case .deleted = found[2] else {
            return #expect(Bool(false), "\(found)")
        }
        #expect(added.metadata.name == "x")
        #expect(found[3] == .bookmark(resourceVersion: "8"))
        #expect(found.map(\.resourceVersion) == ["5", "6", "7", "8"])
    }

    @Test func whatDoesNotDecodeIsToldAndSkipped() throws {
        let found = events(
            event("ADDED", Widget.json("bad", version: "5", size: #""secret""#)) + event("WHATEVER", Widget.json("y"))
                + "garbage\n[]\n\"text\"\n{}\n" + event("ADDED", "null") + event("MODIFIED", Widget.json("x")))
        let objects = found.map { if case .undecodable(let object) = $0 { object } else { nil } as UndecodableObject? }
        let bad = try #require(objects[0])
        #expect(bad.key == ObjectKey(namespace: "a", name: "bad") && bad.uid == "u-bad" && bad.resourceVersion == "5")
        #expect(bad.message.contains("spec.size") && !bad.message.contains("secret"))
        let gone = events(event("DELETED", Widget.json("bad", size: #""secret""#)))
        guard case .undecodable(let last) = gone[0] else { return #expect(Bool(false), "\(gone)") }
        #expect(last.isDeleted && !bad.isDeleted && last.uid == "u-bad")
        #expect(objects[1]?.message == "unknown event type WHATEVER")
        #expect(objects[1]?.name == "y")
        #expect(objects[2...6].allSatisfy { $0 != nil })
        #expect(found.count == 8)
        guard case .modified = found[7] else { return #expect(Bool(false), "\(found[7])") }
    }

    @Test func aStatusIsOneInBothForms() {
        let status = #"{"kind":"Status","code":410,"reason":"Expired"}"#
        let expected = APIStatus(status: nil, reason: "Expired", code: 410)
        #expect(events(event("ERROR", status) + status + "\n") == [.status(expected), .status(expected)])
    }

    @Test func aWatchAsksForWhatItShould() async throws {
        let server = LoopbackServer { _, _ in .json("") }
        let options = WatchOptions(labelSelector: "a=b", resourceVersion: "42", timeoutSeconds: 301)
        let stream = try await KubernetesClient.fixture(server).watch(Widget.self, namespace: nil, options: options)
        for try await event in stream { #expect(Bool(false), "\(event)") }
        let request = try #require(server.requests.first)
        #expect(
            request.target == "/apis/example.org/v1/widgets?watch=1&timeoutSeconds=301&allowWatchBookmarks=true"
                + "&resourceVersion=42&labelSelector=a%3Db")
        #expect(request.header("Accept-Encoding") == nil)
    }

    @Test func eventsArriveAsTheyAreSentAndTheStreamEnds() async throws {
        let text = Data((event("ADDED", Widget.json("ü€😀")) + event("MODIFIED", Widget.json("x")) + "{\"type").utf8)
        let server = LoopbackServer { _, _ in Reply(pieces: text.map { Data([$0]) }) }
        var names: [String] = []
        for try await event in try await KubernetesClient.fixture(server).watch(Widget.self, namespace: "a") {
            switch event {
            case .added(let widget), .modified(let widget): names.append(widget.metadata.name)
            case .deleted, .bookmark, .undecodable, .status: names.append("?")
            }
        }
        #expect(names == ["ü€😀", "x"])
    }

    @Test func aBrokenConnectionIsAnErrorAfterItsEvents() async throws {
        let piece = Data(event("ADDED", Widget.json("x")).utf8)
        let server = LoopbackServer { _, _ in Reply(pieces: [piece], isCutOff: true) }
        var iterator = try await KubernetesClient.fixture(server).watch(Widget.self, namespace: "a")
            .makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        let error = try #require(await kubernetesError { try await iterator.next() })
        #expect(error.isRetryable && !error.outcomeUnknown && !error.isSilence)
        #expect(error.operation == "watch widgets.example.org in a")
    }

    @Test func silenceBeyondTheDeadlineEndsAWatch() async throws {
        let piece = Data(event("ADDED", Widget.json("x")).utf8)
        let server = LoopbackServer { _, _ in Reply(pieces: [piece], hangs: true) }
        let options = WatchOptions(idleDeadline: .seconds(1))
        var iterator = try await KubernetesClient.fixture(server).watch(Widget.self, namespace: "a", options: options)
            .makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        let error = try #require(await kubernetesError { try await iterator.next() })
        #expect(error.isRetryable && error.isSilence)
    }

    @Test func droppingTheIteratorClosesTheConnection() async throws {
        let piece = Data(event("ADDED", Widget.json("x")).utf8)
        let server = LoopbackServer { _, _ in Reply(pieces: [piece], hangs: true) }
        let client = KubernetesClient.fixture(server)
        for try await _ in try await client.watch(Widget.self, namespace: "a") { break }
        try await eventually { server.openCount == 0 }
    }

    @Test func cancellingEndsAWatch() async throws {
        let server = LoopbackServer { _, _ in Reply(pieces: [Data("\n".utf8)], hangs: true) }
        let client = KubernetesClient.fixture(server)
        let task = Task {
            await kubernetesError {
                for try await _ in try await client.watch(Widget.self, namespace: "a") {}
            }
        }
        try await eventually { server.requests.count == 1 }
        task.cancel()
        #expect(await task.value?.isCancelled != false)
        try await eventually { server.openCount == 0 }
    }

    @Test func aRefusalAtTheStartIsAnError() async throws {
        let server = LoopbackServer { _, _ in .status(410, "Expired") }
        let client = KubernetesClient.fixture(server)
        let error = await kubernetesError { try await client.watch(Widget.self, namespace: "a") }
        #expect(error?.isExpired == true)
    }
}
