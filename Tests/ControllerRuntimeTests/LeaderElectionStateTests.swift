import KubernetesModel
import Testing

@testable import ControllerRuntime

/// The whole of the decision who leads, with the time passed in.
struct LeaderElectionStateTests {
    private static let timing = LeaderElectionTiming()
    private var state = LeaderElectionState(identity: "me", timing: timing)

    private func lease(_ holder: String?, version: String = "1", renewed: String = "a", seconds: Int? = 15) -> Lease {
        Lease(
            metadata: ObjectMeta(name: "lease", resourceVersion: version),
            spec: .init(
                holderIdentity: holder, leaseDurationSeconds: seconds, renewTime: renewed, leaseTransitions: 4))
    }

    /// As the leader since that moment.
    private mutating func lead(since begun: Duration = .zero, version: String = "1") {
        state.saw(nil, at: begun)
        state.wrote(lease("me", version: version), begun: begun, jitter: 0)
    }

    // MARK: Getting it

    @Test func readsFirst() {
        #expect(state.action(at: .zero) == .read)
    }

    @Test mutating func createsTheLeaseThatIsNotThere() {
        state.saw(nil, at: .zero)
        #expect(state.action(at: .zero) == .write(version: nil, .init(transitions: 0, isNew: true)))
    }

    @Test(arguments: [nil, ""]) mutating func takesAFreeLeaseAtOnce(holder: String?) {
        state.saw(lease(holder, version: "7"), at: .seconds(100))
        #expect(state.action(at: .seconds(100)) == .write(version: "7", .init(transitions: 5, isNew: true)))
    }

    @Test mutating func leavesAHeldLeaseAloneForItsDurationSinceItWasSeen() {
        state.saw(lease("other"), at: .seconds(100))
        #expect(state.action(at: .seconds(100)) == .wait(until: .seconds(115), watchFrom: "1"))
        #expect(state.action(at: .milliseconds(114_999)) == .wait(until: .seconds(115), watchFrom: "1"))
        #expect(state.action(at: .seconds(115)) == .write(version: "1", .init(transitions: 5, isNew: true)))
    }

    @Test mutating func eachRenewalSeenBeginsTheDurationAnew() {
        state.saw(lease("other"), at: .zero)
        state.saw(lease("other", version: "2", renewed: "b"), at: .seconds(10))
        #expect(state.action(at: .seconds(24)) == .wait(until: .seconds(25), watchFrom: "2"))
    }

    @Test mutating func aChangeThatIsNoRenewalDoesNot() {
        state.saw(lease("other"), at: .zero)
        // Somebody put a label on it.
        state.saw(lease("other", version: "2"), at: .seconds(10))
        #expect(state.action(at: .seconds(15)) == .write(version: "2", .init(transitions: 5, isNew: true)))
    }

    @Test mutating func theHoldersOwnDurationCounts() {
        state.saw(lease("other", seconds: 60), at: .zero)
        #expect(state.action(at: .seconds(59)) == .wait(until: .seconds(60), watchFrom: "1"))
        state = LeaderElectionState(identity: "me", timing: Self.timing)
        state.saw(lease("other", seconds: nil), at: .zero)
        #expect(state.action(at: .seconds(14)) == .wait(until: .seconds(15), watchFrom: "1"))
    }

    @Test mutating func timesThatTheHolderWroteAreNotCompared() {
        // Renewed in the year 1, by its clock, or in 9999: only when it was seen to change counts.
        for renewed in ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.000000Z"] {
            state = LeaderElectionState(identity: "me", timing: Self.timing)
            state.saw(lease("other", renewed: renewed), at: .seconds(5))
            #expect(state.action(at: .seconds(19)) == .wait(until: .seconds(20), watchFrom: "1"))
        }
    }

    @Test mutating func aLeaseThatIsDeletedUnderItsHolderStillCountsAsHeld() {
        state.saw(lease("other"), at: .zero)
        state.saw(nil, at: .seconds(5))
        #expect(state.action(at: .seconds(5)) == .wait(until: .seconds(15), watchFrom: nil))
        #expect(state.action(at: .seconds(15)) == .write(version: nil, .init(transitions: 5, isNew: true)))
    }

    @Test mutating func aLeaseOfOnesOwnIsTakenAgainAtOnce() {
        // The answer to the first write was lost.
        state.saw(lease("me"), at: .zero)
        #expect(!state.isLeading)
        #expect(state.action(at: .zero) == .write(version: "1", .init(transitions: 4, isNew: false)))
    }

    @Test mutating func whoComesSecondReadsAgainAfterAWhile() {
        state.saw(lease(nil), at: .zero)
        state.conflicted(at: .zero, jitter: 0)
        #expect(state.action(at: .zero) == .wait(until: .seconds(2), watchFrom: nil))
        #expect(state.action(at: .seconds(2)) == .read)
    }

    @Test mutating func failuresAreTriedAgainWithJitter() {
        state.failed(at: .zero, jitter: 0)
        #expect(state.action(at: .zero) == .wait(until: .seconds(2), watchFrom: nil))
        #expect(state.action(at: .seconds(2)) == .read)
        state.failed(at: .zero, jitter: 0.99)
        guard case .wait(let until, nil) = state.action(at: .seconds(2)) else {
            Issue.record("it doesn't wait")
            return
        }
        #expect(until > .milliseconds(2390) && until < .milliseconds(2400))
    }

    // MARK: Keeping it

    @Test mutating func theLeaderRenewsEveryRetryPeriod() {
        lead(since: .seconds(10))
        #expect(state.isLeading)
        #expect(state.action(at: .seconds(10)) == .wait(until: .seconds(12), watchFrom: nil))
        #expect(state.action(at: .seconds(12)) == .write(version: "1", .init(transitions: 4, isNew: false)))
    }

    @Test mutating func itsTimeCountsFromBeforeTheWrite() {
        lead(since: .seconds(10))
        // The answer came at 14, say; others may have seen the renewal at any moment since 10.
        #expect(state.mayActUntil == .seconds(20))
        #expect(state.action(at: .seconds(20)) == .stepDown("the lease could not be renewed for 10.0 seconds"))
    }

    @Test mutating func itHasStoppedBeforeAnyoneElseMayStart() {
        var other = LeaderElectionState(identity: "other", timing: Self.timing)
        lead(since: .seconds(100))
        // The other can't have seen the write before it was begun.
        other.saw(lease("me"), at: .seconds(100))
        guard case .wait(let free, _) = other.action(at: .seconds(100)) else {
            Issue.record("it takes the lease")
            return
        }
        #expect(free - (state.mayActUntil ?? .zero) == .seconds(5))
    }

    @Test mutating func aFailedRenewalIsTriedUntilTheDeadline() {
        lead()
        state.failed(at: .seconds(7), jitter: 0)
        #expect(state.action(at: .seconds(8)) == .wait(until: .seconds(9), watchFrom: nil))
        #expect(state.action(at: .seconds(9)) == .read)
        state.failed(at: .milliseconds(9500), jitter: 0)
        #expect(state.action(at: .milliseconds(9600)) == .wait(until: .seconds(10), watchFrom: nil))
    }

    @Test mutating func aConflictMakesTheLeaderLookAtOnce() {
        lead()
        state.conflicted(at: .seconds(2), jitter: 1)
        #expect(state.action(at: .seconds(2)) == .read)
        // Somebody put a label on it.
        state.saw(lease("me", version: "9"), at: .seconds(2))
        #expect(state.action(at: .seconds(2)) == .write(version: "9", .init(transitions: 4, isNew: false)))
    }

    @Test mutating func theLeaderStopsAtOnceWhenAnotherHoldsTheLease() {
        lead()
        state.conflicted(at: .seconds(2), jitter: 0)
        state.saw(lease("other", version: "9"), at: .seconds(2))
        #expect(state.action(at: .seconds(2)) == .stepDown("other holds the lease"))
    }

    @Test mutating func theLeaderMakesADeletedLeaseAnew() {
        lead()
        state.conflicted(at: .seconds(2), jitter: 0)
        state.saw(nil, at: .seconds(2))
        #expect(state.action(at: .seconds(2)) == .write(version: nil, .init(transitions: 4, isNew: false)))
    }

    // MARK: All of them

    /// Any number of them, with calls that are lost before or after the server did them, and clocks that differ: no two
    /// may act at once, and while the server answers, somebody does.
    @Test(arguments: 0..<60) func neverTwoAtOnce(seed: UInt64) {
        var world = ElectionWorld(seed: seed)
        world.run(steps: 2000)
        #expect(world.clashes == 0)
        #expect(world.terms > 0)
    }
}
