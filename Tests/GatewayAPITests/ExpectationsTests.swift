import FoundationEssentials
import GatewayAPI
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@Suite struct ExpectationsTests {
    private let now = Fixtures.now
    private let history = RunHistory([ObjectKey(namespace: "finance", name: "trial-balance"): [50, 100, 150]])

    private func expect(_ requests: [ReportRequest], _ history: RunHistory? = nil) -> Expectations {
        Expectations(requests, history: history ?? self.history, now: now)
    }

    private func running(_ name: String, for seconds: Int64, limit: Int = 1, pipeline: String = "trial-balance")
        -> ReportRequest
    {
        Fixtures.request(
            name, phase: .running, startedAt: now.adding(-seconds), pipeline: pipeline, limit: limit)
    }

    private static let medians: [([Int64], Int64)] = [
        ([5], 5), ([5, 7], 6), ([9, 1, 5], 5), ([1, 2, 3, 100], 2), ([-5, 4], 4),
    ]

    @Test(arguments: medians)
    func theMedianIsInTheMiddle(durations: [Int64], seconds: Int64) {
        let key = ObjectKey(namespace: "a", name: "b")
        #expect(RunHistory([key: durations]).median(of: key)?.seconds == seconds)
        #expect(RunHistory([key: []]).median(of: key) == nil)
    }

    @Test func oneAfterTheOtherByPriorityThenAge() {
        let expectations = expect([
            running("a", for: 30), Fixtures.request("late", phase: .queued, created: 5),
            Fixtures.request("early", phase: .queued, created: 1),
            Fixtures.request("urgent", phase: .queued, priority: 10, created: 9),
        ])
        #expect(expectations.expectation(of: "uid-a") == Expectation(endsAt: now.adding(70), runs: 3))
        for (position, name) in ["urgent", "early", "late"].enumerated() {
            let start = now.adding(70 + 100 * Int64(position))
            #expect(expectations.position(of: "uid-\(name)") == position + 1)
            #expect(
                expectations.expectation(of: "uid-\(name)")
                    == Expectation(startsAt: start, endsAt: start.adding(100), runs: 3))
        }
        #expect(expectations.position(of: "uid-a") == nil)
        #expect(expectations.groups.first?.waiting.map(\.metadata.name) == ["urgent", "early", "late"])
    }

    @Test func placesSideBySideAreTakenAsTheyBecomeFree() {
        let waiting = (1...3).map { Fixtures.request("w\($0)", phase: .queued, created: Int64($0), limit: 2) }
        let expectations = expect([running("a", for: 90, limit: 2), running("b", for: 40, limit: 2)] + waiting)
        #expect(
            waiting.map { expectations.expectation(of: $0.metadata.uid)?.startsAt } == [10, 60, 110].map(now.adding))
    }

    @Test func aFreePlaceIsTakenNow() {
        let expectations = expect([running("a", for: 10, limit: 2), Fixtures.request("w", phase: .queued, limit: 2)])
        #expect(expectations.expectation(of: "uid-w")?.startsAt == now)
    }

    @Test func whatIsOverdueIsToldHonestly() {
        let expectations = expect([running("a", for: 500), Fixtures.request("w", phase: .queued)])
        #expect(expectations.expectation(of: "uid-a") == Expectation(runs: 3, isOverdue: true))
        #expect(
            expectations.expectation(of: "uid-w")
                == Expectation(startsAt: now, endsAt: now.adding(100), runs: 3, isOverdue: true))
    }

    @Test func withoutHistoryNothingIsSaid() {
        let expectations = expect([running("a", for: 5), Fixtures.request("w", phase: .queued)], RunHistory())
        #expect(expectations.expectation(of: "uid-a") == nil)
        #expect(expectations.expectation(of: "uid-w") == nil)
        #expect(expectations.position(of: "uid-w") == 1)
    }

    @Test func behindOneWithoutHistoryNothingIsKnown() {
        let expectations = expect([
            running("a", for: 5, pipeline: "new"), Fixtures.request("w", phase: .queued),
        ])
        #expect(expectations.expectation(of: "uid-w") == nil)
        // One of its own that is new starts when the other ends; its end isn't known, nor what follows.
        let others = expect([
            running("a", for: 40), Fixtures.request("new", phase: .queued, created: 1, pipeline: "new"),
            Fixtures.request("w", phase: .queued, created: 2),
        ])
        #expect(others.expectation(of: "uid-new") == Expectation(startsAt: now.adding(60), runs: 3))
        #expect(others.expectation(of: "uid-w") == nil)
    }

    @Test func aLowerLimitLetsThemWaitForAllButOne() {
        let expectations = expect([
            running("a", for: 90), running("b", for: 40), Fixtures.request("w", phase: .queued),
        ])
        #expect(expectations.expectation(of: "uid-w")?.startsAt == now.adding(60))
    }

    @Test func aSharedLockMayBeHeldElsewhere() {
        let waiting = Fixtures.request("w", phase: .queued, scope: .shared)
        #expect(expect([waiting]).expectation(of: "uid-w") == nil)
        let running = Fixtures.request("a", phase: .running, startedAt: now.adding(-30), scope: .shared)
        #expect(expect([running, waiting]).expectation(of: "uid-w")?.startsAt == now.adding(70))
    }

    @Test func aCancelledOneMakesItsPlaceFree() {
        let expectations = expect([
            Fixtures.request("a", phase: .cancelling, startedAt: now), Fixtures.request("w", phase: .queued),
        ])
        #expect(expectations.expectation(of: "uid-w")?.startsAt == now)
        #expect(expectations.expectation(of: "uid-a") == nil)
    }

    @Test func theEndedAndTheUnacceptedStandInNoQueue() {
        var new = Fixtures.request("new", phase: .queued)
        new.status = nil
        #expect(expect([Fixtures.request("a", phase: .succeeded), new]).groups.isEmpty)
    }

    /// Whatever the queue: nobody starts before now, and with as long runs nobody before one who stands ahead.
    @Test(arguments: 0..<200)
    func startsFollowThePositions(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let limit = Int.random(in: 1...4, using: &random)
        let busy = Int.random(in: 0...5, using: &random)
        let runs = (0..<busy).map { running("r\($0)", for: Int64.random(in: 0...300, using: &random), limit: limit) }
        let waiting = (0..<Int.random(in: 1...12, using: &random)).map {
            Fixtures.request(
                "w\($0)", phase: .queued, priority: Int.random(in: 0...3, using: &random),
                created: Int64.random(in: 0...9, using: &random), limit: limit)
        }
        let expectations = expect(runs + waiting)
        let order = waiting.sorted {
            (expectations.position(of: $0.metadata.uid) ?? 0) < (expectations.position(of: $1.metadata.uid) ?? 0)
        }
        var last = now
        for request in order {
            guard let expectation = expectations.expectation(of: request.metadata.uid),
                let start = expectation.startsAt, let end = expectation.endsAt
            else {
                Issue.record("nothing is said of \(request.metadata.name)")
                continue
            }
            #expect(start >= last)
            #expect(end == start.adding(100))
            last = start
        }
        #expect(order.map { expectations.position(of: $0.metadata.uid) } == (1...order.count).map { $0 })
        // No more than the limit at any moment that one starts.
        for request in order {
            guard let start = expectations.expectation(of: request.metadata.uid)?.startsAt else { continue }
            let others = order.filter { other in
                guard let other = expectations.expectation(of: other.metadata.uid), let begin = other.startsAt,
                    let end = other.endsAt
                else { return false }
                return begin <= start && start < end
            }
            let going = runs.filter { (expectations.expectation(of: $0.metadata.uid)?.endsAt ?? now) > start }
            #expect(others.count + going.count <= max(limit, 1))
        }
    }
}
