import Synchronization
import Testing

@testable import ReportController

struct TurnstileTests {
    /// The keys that a turnstile has woken.
    private final class Woken: Sendable {
        private let keys = Mutex<[String]>([])

        var all: [String] { keys.withLock { $0 } }

        func add(_ key: String) { keys.withLock { $0.append(key) } }
    }

    @Test func whoFindsItClosedGoesAwayAndIsWokenInTurn() {
        let woken = Woken()
        let turnstile = Turnstile<String>(wake: woken.add)
        #expect(turnstile.enter("a", group: "g"))
        #expect(!turnstile.enter("b", group: "g"))
        #expect(!turnstile.enter("c", group: "g"))
        #expect(turnstile.enter("x", group: "h"), "another group's is open")
        #expect(turnstile.enter("y", group: nil), "who takes no place passes none")
        #expect(woken.all.isEmpty)
        turnstile.leave("g")
        #expect(woken.all == ["b"])
        #expect(!turnstile.enter("d", group: "g"), "it is reserved")
        #expect(turnstile.enter("b", group: "g"))
        turnstile.leave("g")
        #expect(woken.all == ["b", "c"])
    }

    /// What was parked may be over when its turn comes, or belong to another group.
    @Test(arguments: [nil, "h"]) func whoWantsToPassNoMoreLetsTheNextGoOn(group: String?) {
        let woken = Woken()
        let turnstile = Turnstile<String>(wake: woken.add)
        #expect(turnstile.enter("a", group: "g"))
        #expect(!turnstile.enter("b", group: "g"))
        #expect(!turnstile.enter("c", group: "g"))
        turnstile.leave("g")
        #expect(turnstile.enter("b", group: group))
        #expect(woken.all == ["b", "c"])
        #expect(turnstile.enter("c", group: "g"))
        turnstile.leave("g")
        #expect(turnstile.enter("d", group: "g"), "nobody is parked any more")
    }

    @Test func whoComesTwiceIsParkedOnce() {
        let woken = Woken()
        let turnstile = Turnstile<String>(wake: woken.add)
        #expect(turnstile.enter("a", group: "g"))
        #expect(!turnstile.enter("b", group: "g"))
        #expect(!turnstile.enter("b", group: "g"))
        turnstile.leave("g")
        #expect(turnstile.enter("b", group: "g"))
        turnstile.leave("g")
        #expect(woken.all == ["b"])
    }
}
