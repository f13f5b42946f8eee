import AsyncSupport
import Testing

@testable import ReportStores

/// Whose turn it is among messages of several namespaces.
@Suite struct IntakeLanesTests {
    private let start = ContinuousClock.now
    private var options: RequestIntakeOptions {
        var options = RequestIntakeOptions()
        options.laneLength = 5
        return options
    }
    // Without jitter: the whole of 1, 2, 4 … seconds.
    private let pauses = Backoff(first: .seconds(1), longest: .seconds(60), random: { 1 })
    private let quota = Postponement("exceeded quota", scope: .namespace)

    @Test func aNamespaceThatRefusesIsTriedWithOneOfItsMessagesAndHoldsUpNoOther() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        for number in 0..<4 { _ = lanes.add("full-\(number)", lane: "full", at: start) }
        let taken = takeAll(&lanes, at: start)
        #expect(taken.map(\.entry) == ["full-0", "full-1", "full-2", "full-3"])
        // What was in hand together fails together, and counts once.
        let outcomes = taken.map { lanes.postponed($0, quota, at: start) }
        #expect(outcomes == [.waits(isNews: true)] + Array(repeating: .waits(isNews: false), count: 3))
        #expect(lanes.nextDue() == start + .seconds(1))
        _ = lanes.add("behind", lane: "other", at: start)
        let behind = try take(&lanes, at: start)
        #expect(behind.entry == "behind")
        lanes.settled(behind, isAccepted: true)
        // One at a time, another each time, and longer apart.
        var probes: [String] = []
        var now = start
        for pause in [1, 2, 4, 8] {
            now += .seconds(pause)
            #expect(takeAll(&lanes, at: now - .milliseconds(1)).isEmpty)
            let probe = try take(&lanes, at: now)
            #expect(takeAll(&lanes, at: now).isEmpty)
            probes.append(probe.entry)
            let outcome = lanes.postponed(probe, quota, at: now)
            #expect(outcome == .waits(isNews: false))
        }
        #expect(Set(probes).count == 4)
    }

    @Test func oneThatIsTakenLetsTheOthersFollowAtOnce() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        _ = lanes.add("first", lane: "full", at: start)
        let first = try take(&lanes, at: start)
        _ = lanes.postponed(first, quota, at: start)
        for number in 0..<3 { _ = lanes.add("next-\(number)", lane: "full", at: start) }
        let probe = try take(&lanes, at: start + .seconds(1))
        lanes.settled(probe, isAccepted: true)
        #expect(takeAll(&lanes, at: start + .seconds(1)).count == 3)
    }

    @Test func whatWasRefusedForTooLongHasALastTryOfItsOwn() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        _ = lanes.add("one", lane: "full", at: start)
        _ = lanes.postponed(try take(&lanes, at: start), quota, at: start)
        _ = lanes.add("never-tried", lane: "full", at: start)
        let end = start + options.patience
        var now = start
        while let due = lanes.nextDue(), due < end {
            now = due
            guard let item = lanes.take(at: now) else { break }
            let outcome = lanes.postponed(item, quota, at: now)
            #expect(outcome == .waits(isNews: false))
        }
        for _ in 0..<2 {
            let item = try take(&lanes, at: end)
            let outcome = lanes.postponed(item, quota, at: end)
            #expect(outcome == .expired)
            lanes.settled(item, isAccepted: false)
        }
        #expect(lanes.nextDue() == nil && lanes.waitingCount == 0)
    }

    @Test func whatIsNotTheNamespacesFaultIsNeverGivenUp() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        _ = lanes.add("one", lane: "a", at: start)
        var now = start
        for _ in 0..<100 {
            let item = try take(&lanes, at: now)
            let outcome = lanes.postponed(item, Postponement("away", scope: .cluster), at: now)
            guard case .waits = outcome else {
                Issue.record("it was given up after \(now - start)")
                return
            }
            let due = try #require(lanes.nextDue())
            #expect(due - now <= .seconds(60))
            now = due
        }
        #expect(now - start > options.patience)
    }

    @Test func whoWaitsForSomethingOfItsOwnHoldsUpNobodyAndHearsOfItsEnd() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        _ = lanes.add("again", lane: "a", at: start)
        let item = try take(&lanes, at: start)
        let deletion = Postponement("is being deleted", scope: .message)
        let outcome = lanes.postponed(item, deletion, at: start)
        #expect(outcome == .waits(isNews: true))
        _ = lanes.add("next", lane: "a", at: start)
        #expect(takeAll(&lanes, at: start).map(\.entry) == ["next"])
        lanes.hurry("a", at: start)
        #expect(takeAll(&lanes, at: start).map(\.entry) == ["again"])
    }

    @Test func whatIsTooMuchForANamespaceThatRefusesIsRejectedAndReadingGoesOn() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        _ = lanes.add("0", lane: "full", at: start)
        _ = lanes.postponed(try take(&lanes, at: start), quota, at: start)
        let arrivals = (1..<6).map { lanes.add("\($0)", lane: "full", at: start) }
        #expect(arrivals == Array(repeating: .waits, count: 4) + [.refused(reason: "exceeded quota")])
        #expect(!lanes.isFull)
        let known = lanes.add("4", lane: "full", at: start)
        let other = lanes.add("x", lane: "other", at: start)
        #expect(known == .isKnown && other == .waits)
    }

    @Test func readingStopsWhereNothingRefusesAndTooMuchWaits() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        for number in 0..<5 { _ = lanes.add("\(number)", lane: "lane-\(number)", at: start) }
        #expect(lanes.isFull)
        let item = try take(&lanes, at: start)
        #expect(!lanes.isFull)
        lanes.settled(item, isAccepted: true)
        // Each lane in its turn.
        #expect(takeAll(&lanes, at: start).map(\.lane) == (1..<5).map { "lane-\($0)" })
    }

    /// As where a webhook of that namespace alone is down.
    @Test func aNamespaceThatFailsHoldsNoOtherUpHoweverMuchWaitsForIt() throws {
        var lanes = IntakeLanes(options, pauses: pauses)
        _ = lanes.add("0", lane: "broken", at: start)
        _ = lanes.postponed(try take(&lanes, at: start), Postponement("500", scope: .cluster), at: start)
        for number in 1..<10 * options.laneLength {
            #expect(lanes.add("\(number)", lane: "broken", at: start) == .waits)
            #expect(!lanes.isFull)
        }
        _ = lanes.add("x", lane: "other", at: start)
        #expect(try take(&lanes, at: start).entry == "x")
    }

    /// As while it isn't known which namespaces take any, or while the API server is away.
    @Test func messagesOfManyNamespacesThatCanNotBeTriedAreBoundedToo() throws {
        var options = options
        options.totalLength = 40
        var lanes = IntakeLanes(options, pauses: pauses)
        for number in 0..<39 {
            _ = lanes.add("\(number)", lane: "lane-\(number)", at: start)
            let item = try take(&lanes, at: start)
            _ = lanes.postponed(item, Postponement("not known yet", scope: .cluster), at: start)
            #expect(!lanes.isFull)
        }
        _ = lanes.add("39", lane: "lane-39", at: start)
        #expect(lanes.isFull)
        let last = try take(&lanes, at: start)
        #expect(lanes.isFull)
        lanes.settled(last, isAccepted: true)
        #expect(!lanes.isFull)
    }

    private func take(_ lanes: inout IntakeLanes, at now: IntakeLanes.Instant) throws -> IntakeLanes.Item {
        let item = lanes.take(at: now)
        return try #require(item)
    }

    private func takeAll(_ lanes: inout IntakeLanes, at now: IntakeLanes.Instant) -> [IntakeLanes.Item] {
        var taken: [IntakeLanes.Item] = []
        while let item = lanes.take(at: now) { taken.append(item) }
        return taken
    }
}
