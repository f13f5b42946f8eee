import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportController

/// What waits to be told outside the cluster.
struct OutboxTests {
    private let outbox = Outbox()

    @Test func whatWasTakenCountsAsUntoldUntilItIsSettled() async {
        outbox.put(.fixture(uid: "a"))
        #expect(await outbox.take(upTo: 8).map(\.metadata.uid) == ["a"])
        #expect(outbox.isEmpty)
        #expect(outbox.contains("a") && outbox.count == 1)
        outbox.settle("a")
        #expect(!outbox.contains("a") && outbox.count == 0)
    }

    @Test func newsThatComeWhileTheLastAreInHandCountOnce() async {
        outbox.put(.fixture(uid: "a"))
        _ = await outbox.take(upTo: 8)
        outbox.put(.fixture(uid: "a"))
        #expect(outbox.count == 1)
        outbox.settle("a")
        #expect(outbox.contains("a"), "the newer news wait still")
    }

    @Test func whatIsPutBackGivesWayToWhatIsNewer() async {
        outbox.put(.fixture(name: "older", uid: "a"))
        let taken = await outbox.take(upTo: 8)
        outbox.put(.fixture(name: "newer", uid: "a"))
        outbox.putBack(taken)
        #expect(await outbox.take(upTo: 8).map(\.metadata.name) == ["newer"])
    }

    @Test func theLongestWaitingGoFirst() async {
        for uid in ["c", "a", "b"] { outbox.put(.fixture(uid: uid)) }
        outbox.put(.fixture(uid: "c"))
        #expect(await outbox.take(upTo: 2).map(\.metadata.uid) == ["c", "a"])
        #expect(await outbox.take(upTo: 2).map(\.metadata.uid) == ["b"])
    }

    @Test func theLagIsThatOfTheOldestAndEndsWhenAllIsTold() async {
        let begin = ContinuousClock.now
        #expect(outbox.lag(at: begin) == .zero)
        outbox.put(.fixture(uid: "a"), at: begin)
        outbox.put(.fixture(uid: "b"), at: begin + .seconds(5))
        let taken = await outbox.take(upTo: 8)
        #expect(outbox.lag(at: begin + .seconds(9)) == .seconds(9), "what is in hand isn't told yet")
        outbox.putBack(taken)
        outbox.put(.fixture(uid: "a"), at: begin + .seconds(9))
        #expect(outbox.lag(at: begin + .seconds(10)) == .seconds(10), "newer news don't make the older ones younger")
        _ = await outbox.take(upTo: 8)
        outbox.settle("a", at: begin + .seconds(11))
        #expect(outbox.lag(at: begin + .seconds(11)) == .seconds(6))
        outbox.put(.fixture(uid: "b"), at: begin + .seconds(12))
        outbox.settle("b", at: begin + .seconds(13))
        #expect(outbox.lag(at: begin + .seconds(14)) == .seconds(1), "the newer state waits since the older was told")
    }

    @Test func ownersHearOnceThatTheyHaveToWait() {
        outbox.put(.fixture(uid: "a"))
        #expect(outbox.announce(news: true).count == 1)
        outbox.put(.fixture(uid: "b"))
        #expect(outbox.announce(news: false).map(\.metadata.uid) == ["b"])
        #expect(outbox.settle("a") && !outbox.settle("a"))
    }
}
