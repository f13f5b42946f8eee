import Testing

@testable import GatewayServer

/// Who follows hears every change once and in order, at whatever replica, or is told that she has missed some.
struct EventHubTests {
    @Test func everyoneHearsEveryChangeInOrder() async {
        let hub = Self.begun()
        let (one, two) = (hub.follow(after: nil), hub.follow(after: nil))
        for version in 11...15 { Self.publish(hub, version) }
        hub.close()
        #expect(await Self.versions(one) == ["11", "12", "13", "14", "15"])
        #expect(await Self.versions(two) == ["11", "12", "13", "14", "15"])
    }

    @Test func whatIsThereAtTheStartIsNoChange() async {
        let hub = EventHub()
        let early = hub.follow(after: nil)
        Self.publish(hub, 5)
        hub.begin(.requests, at: "10")
        Self.publish(hub, 11)
        hub.close()
        #expect(await Self.versions(early) == ["11"])
    }

    @Test func whoWasCutOffGoesOnWhereSheWas() async throws {
        let hub = Self.begun()
        for version in 11...15 { Self.publish(hub, version) }
        let heard = try Self.id("requests=13,deliveries=10,schedules=10,pipelines=10")
        let again = hub.follow(after: heard)
        #expect(!again.isReset)
        #expect(again.id == heard)
        #expect(again.missed.map(\.version) == ["14", "15"])
        let whole = hub.follow(after: again.missed.last?.id)
        #expect(whole.missed.isEmpty && !whole.isReset)
    }

    /// A watch may be ahead at one replica and behind at another; each kind has a version of its own.
    @Test func atAnotherReplicaNothingIsLost() async throws {
        let (here, there) = (Self.begun(), Self.begun())
        Self.publish(here, 11)
        Self.publish(here, 14, .deliveries)
        Self.publish(here, 12)
        let heard = here.follow(after: nil).id
        Self.publish(there, 11)
        Self.publish(there, 12)
        Self.publish(there, 13)
        Self.publish(there, 14, .deliveries)
        Self.publish(there, 15, .deliveries)
        let again = there.follow(after: heard)
        #expect(!again.isReset)
        let missed = again.missed.map { "\($0.kind.rawValue) \($0.version)" }
        #expect(missed.contains("requests 13") && missed.contains("deliveries 15"))
        #expect(!missed.contains("requests 11"))
    }

    @Test func whoHasHeardMoreThanThisReplicaMissesNothingLater() async throws {
        let hub = Self.begun()
        let ahead = try Self.id("requests=30,deliveries=10,schedules=10,pipelines=10")
        let subscription = hub.follow(after: ahead)
        #expect(!subscription.isReset && subscription.missed.isEmpty)
        Self.publish(hub, 31)
        hub.close()
        #expect(await Self.versions(subscription) == ["31"])
    }

    @Test(arguments: [
        "requests=9,deliveries=10,schedules=10,pipelines=10", "requests=10,deliveries=10,schedules=10",
    ])
    func whoMissedMoreThanIsKnownIsTold(heard: String) throws {
        let hub = Self.begun()
        let subscription = hub.follow(after: try Self.id(heard))
        #expect(subscription.isReset)
        #expect(subscription.missed.isEmpty)
        #expect(subscription.id == EventID("requests=10,deliveries=10,schedules=10,pipelines=10"))
    }

    @Test func beforeItHasBegunNobodyCanResume() throws {
        let hub = EventHub()
        hub.begin(.requests, at: "10")
        let heard = try Self.id("requests=20,deliveries=20,schedules=20,pipelines=20")
        #expect(hub.follow(after: heard).isReset)
    }

    @Test func onlySoManyChangesAreRemembered() throws {
        let hub = Self.begun()
        for version in 11...(10 + 8192 + 1) { Self.publish(hub, version) }
        let first = try Self.id("requests=10,deliveries=10,schedules=10,pipelines=10")
        #expect(hub.follow(after: first).isReset)
        let second = hub.follow(after: try Self.id("requests=11,deliveries=10,schedules=10,pipelines=10"))
        #expect(!second.isReset)
        // The versions are whole numbers, so that what she has heard last is among them once more at the most.
        #expect((8191...8192).contains(second.missed.count))
        #expect(second.missed.last?.version == "8203")
    }

    @Test func onlySoManyBytesAreRemembered() throws {
        let hub = Self.begun()
        let large = [UInt8](repeating: 0x20, count: 4 << 20)
        for version in 11...15 {
            hub.publish(.requests, namespace: "a", version: "\(version)", name: "request", data: large)
        }
        let first = try Self.id("requests=10,deliveries=10,schedules=10,pipelines=10")
        #expect(hub.follow(after: first).isReset)
        let late = hub.follow(after: try Self.id("requests=14,deliveries=10,schedules=10,pipelines=10"))
        #expect(late.missed.map(\.version) == ["15"])
    }

    /// What was deleted while nobody watched shows an older version, and has to be told all the same.
    @Test func anOldVersionDoesNotLeadBack() throws {
        let hub = Self.begun()
        Self.publish(hub, 20)
        let heard = hub.follow(after: nil).id
        Self.publish(hub, 12)
        let again = hub.follow(after: heard)
        #expect(again.missed.map(\.version) == ["20"])
        #expect(hub.follow(after: try Self.id("requests=10,deliveries=10,schedules=10,pipelines=10")).missed.count == 2)
        #expect(again.missed.last?.id.description == "requests=20,deliveries=10,schedules=10,pipelines=10")
    }

    /// Also to followers that have heard nothing yet.
    @Test func anOldVersionIsToldFromTheStart() throws {
        let hub = Self.begun()
        let heard = hub.follow(after: nil).id
        Self.publish(hub, 5)
        #expect(hub.follow(after: heard).missed.count == 1)
    }

    @Test func whoIsTooSlowIsCutOffAndNobodyElse() async {
        let hub = Self.begun()
        let slow = hub.follow(after: nil)
        for version in 11...(10 + 512) { Self.publish(hub, version) }
        #expect(hub.count == 1)
        let quick = hub.follow(after: nil)
        Self.publish(hub, 1000)
        #expect(hub.count == 1)
        hub.close()
        #expect(await Self.versions(slow).count == 512)
        #expect(await Self.versions(quick) == ["1000"])
    }

    @Test func whoNeverBeganToReadTakesNoPlaceForEver() {
        let hub = Self.begun()
        _ = hub.follow(after: nil)
        hub.beat()
        #expect(hub.count == 0)
    }

    @Test func leavingAndClosingEndTheStream() async {
        let hub = Self.begun()
        let (left, closed) = (hub.follow(after: nil), hub.follow(after: nil))
        hub.leave(left.number)
        #expect(hub.count == 1)
        Self.publish(hub, 11)
        hub.close()
        let late = hub.follow(after: nil)
        Self.publish(hub, 12)
        #expect(hub.count == 0)
        #expect(await Self.versions(left).isEmpty)
        #expect(await Self.versions(closed) == ["11"])
        #expect(await Self.versions(late).isEmpty)
    }

    // MARK: -

    private static func id(_ text: String) throws -> EventID {
        let id = EventID(text)
        return try #require(id)
    }

    private static func begun() -> EventHub {
        let hub = EventHub()
        for kind in EventID.Kind.allCases { hub.begin(kind, at: "10") }
        return hub
    }

    private static func publish(_ hub: EventHub, _ version: Int, _ kind: EventID.Kind = .requests) {
        hub.publish(kind, namespace: "a", version: "\(version)", name: "request", data: Array("{}".utf8))
    }

    /// Of what came until the stream ended.
    private static func versions(_ subscription: EventHub.Subscription) async -> [String] {
        var versions: [String] = []
        for await case .event(let event) in subscription.signals { versions.append(event.version) }
        return versions
    }
}
