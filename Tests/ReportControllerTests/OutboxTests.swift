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

    @Test func ownersHearOnceThatTheyHaveToWait() {
        outbox.put(.fixture(uid: "a"))
        #expect(outbox.announce(news: true).count == 1)
        outbox.put(.fixture(uid: "b"))
        #expect(outbox.announce(news: false).map(\.metadata.uid) == ["b"])
        #expect(outbox.settle("a") && !outbox.settle("a"))
    }
}
