import AsyncSupport
import TestSupport
import Testing

@testable import ControllerRuntime

@Suite("Work queue: rules")
struct WorkQueueStateTests {
    @Test func aKeyWaitsOnceHoweverOftenItIsAdded() {
        var state = WorkQueueState<String>()
        let isNew = state.add("a", now: .seconds(1))
        let isNewAgain = state.add("a", now: .seconds(2))
        #expect(isNew && !isNewAgain)
        let handout = state.next(now: .seconds(4))
        #expect(handout?.key == "a")
        #expect(handout?.waited == .seconds(3))
        #expect(state.next(now: .seconds(4)) == nil)
    }

    @Test func keysAreGivenOutInTheOrderTheyCame() {
        var state = WorkQueueState<Int>()
        for key in 0..<200 { state.add(key, now: .zero) }
        var given: [Int] = []
        while let handout = state.next(now: .zero) {
            given.append(handout.key)
            state.done(handout.key, now: .zero)
        }
        #expect(given == Array(0..<200))
    }

    @Test func whatIsAddedDuringTheWorkWaitsAgainWhenItIsDone() {
        var state = WorkQueueState<String>()
        state.add("a", now: .zero)
        _ = state.next(now: .zero)
        state.add("a", now: .seconds(1))
        #expect(state.next(now: .seconds(1)) == nil)
        #expect(state.done("a", now: .seconds(2)) == .seconds(2))
        #expect(state.next(now: .seconds(2))?.key == "a")
    }

    @Test func ofSeveralTimesTheEarliestCounts() {
        var state = WorkQueueState<String>()
        state.add("a", due: .seconds(10))
        state.add("a", due: .seconds(5))
        state.add("a", due: .seconds(20))
        state.add("b", due: .seconds(7))
        #expect(state.nextDue == .seconds(5))
        #expect(state.promote(now: .seconds(4)) == 0)
        #expect(state.promote(now: .seconds(6)) == 1)
        // What is left over of "a" wakes nobody.
        #expect(state.nextDue == .seconds(7))
        #expect(state.promote(now: .seconds(30)) == 1)
        #expect(state.nextDue == nil)
        // Nor is anything left of it that would stand before a later time.
        state.add("a", due: .seconds(40))
        #expect(state.nextDue == .seconds(40))
    }

    @Test func unfinishedWorkIsSeen() {
        var state = WorkQueueState<String>()
        state.add("a", now: .zero)
        state.add("b", now: .zero)
        _ = state.next(now: .seconds(1))
        _ = state.next(now: .seconds(4))
        let unfinished = state.unfinished(now: .seconds(5))
        #expect(unfinished.sum == .seconds(5))
        #expect(unfinished.longest == .seconds(4))
    }

    @Test func failuresAreCountedUntilTheyAreForgotten() {
        var state = WorkQueueState<String>()
        #expect(state.fail("a") == 0)
        #expect(state.fail("a") == 1)
        #expect(state.failures(of: "b") == 0)
        state.forget("a")
        #expect(state.fail("a") == 0)
    }

    @Test func failuresInARowWaitTwiceAsLongEachUntilOneSucceeds() {
        var delays = Backoff(first: .milliseconds(100), longest: .seconds(1), random: { 0 }).delays
        let first = [delays.next(), delays.next(), delays.next()]
        #expect(first == [.milliseconds(50), .milliseconds(100), .milliseconds(200)])
        for _ in 0..<1000 { _ = delays.next() }
        let longest = delays.next()
        delays.reset()
        let again = delays.next()
        #expect(longest == .milliseconds(500) && again == .milliseconds(50))
    }

    @Test(arguments: [
        (0, Duration.milliseconds(5)), (1, .milliseconds(10)), (4, .milliseconds(80)), (30, .seconds(300)),
        (Int.max, .seconds(300)),
    ])
    func theWaitDoublesUpToItsBound(failures: Int, whole: Duration) {
        #expect(Backoff(random: { 0 }).delay(failures: failures) == whole * 0.5)
        let most = Backoff(random: { 0.999 }).delay(failures: failures)
        #expect(most > whole * 0.99 && most <= whole)
    }

    /// Random operations against a plain model: no key has two workers, and whatever was added is given out afterwards.
    @Test(arguments: 0..<40)
    func noKeyHasTwoWorkersAndNothingIsLost(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var state = WorkQueueState<Int>()
        var now = Duration.zero
        /// With the time since when.
        var working: [Int: Duration] = [:]
        /// What must still be given out: by itself, or at that time at the latest.
        var owed: Set<Int> = []
        var later: [Int: Duration] = [:]
        func check(_ handout: WorkQueueState<Int>.Handout) {
            #expect(working.updateValue(now, forKey: handout.key) == nil, "two workers have a key")
            #expect(owed.remove(handout.key) != nil, "a key was given out that nobody added")
        }
        for _ in 0..<2000 {
            now += .milliseconds(Int.random(in: 0...20, using: &random))
            let key = Int.random(in: 0..<12, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1, 2:
                state.add(key, now: now)
                owed.insert(key)
            case 3, 4:
                let due = now + .milliseconds(Int.random(in: 1...500, using: &random))
                state.add(key, due: due)
                later[key] = min(later[key] ?? due, due)
            case 5, 6:
                if let handout = state.next(now: now) { check(handout) }
            case 7, 8:
                guard let key = working.keys.randomElement(using: &random) else { continue }
                working[key] = nil
                state.done(key, now: now)
            default:
                _ = state.promote(now: now)
                for (key, due) in later where due <= now {
                    later[key] = nil
                    owed.insert(key)
                }
                #expect(state.nextDue == later.values.min())
            }
            let unfinished = working.values.reduce(Duration.zero) { $0 + (now - $1) }
            #expect(state.unfinished(now: now).sum == unfinished)
            #expect(state.depth == owed.subtracting(working.keys).count)
        }
        _ = state.promote(now: now + .seconds(1))
        owed.formUnion(later.keys)
        while true {
            for key in working.keys { state.done(key, now: now) }
            working = [:]
            guard let handout = state.next(now: now) else { break }
            check(handout)
        }
        #expect(owed.isEmpty, "keys were lost: \(owed)")
    }
}
