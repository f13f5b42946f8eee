import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct QueueTests {
    static let table: [(limit: Int, holders: Int, ahead: Int, starts: Bool)] = [
        (1, 0, 0, true), (1, 1, 0, false), (1, 0, 1, false), (1, 3, 0, false), (2, 1, 0, true), (2, 0, 1, true),
        (2, 1, 1, false), (2, 0, 2, false), (3, 1, 1, true),
    ]

    @Test(arguments: table) func runStartsWhenAPlaceIsLeftForIt(limit: Int, holders: Int, ahead: Int, starts: Bool) {
        let request = ReportRequest.fixture(.chain("a").concurrency(key: "erp", limit: limit))
        let queue = ObservedRun.Queue(holders: holders, waitingAhead: ahead)
        let plan = RunPlanner.plan(ObservedRun(request: request, queue: queue), now: .start)
        #expect(plan.status?.phase == (starts ? .running : .queued))
        #expect(plan.actions == [], "the start is stored before the first Job is made")
    }

    private func plan(
        _ request: ReportRequest, _ line: QueueLine, queue: ObservedRun.Queue = .init(holders: 1),
        after seconds: Int64 = 0
    ) -> RunPlan {
        RunPlanner.plan(ObservedRun(request: request, queue: queue, line: line), now: .start.after(seconds))
    }

    static let bound = #" (at most 1 at once of concurrency key "tb-2026-10")"#

    static let lines: [(QueueLine, String)] = [
        (.init(isNext: true, place: 1, running: ["tb-09"]), "is next, after tb-09, which runs"),
        (
            .init(place: 3, running: ["tb-09"]),
            "waits for its turn, place 3 in the queue at \(Timestamp.start): tb-09, which runs"
        ),
        (
            .init(place: 101, running: ["a", "b", "c"], others: 2),
            "waits for its turn, more than 100 before it at \(Timestamp.start): a, b, c and 2 more, which run"
        ),
        (.init(place: 2), "waits for its turn, place 2 in the queue at \(Timestamp.start)"),
    ]

    @Test(arguments: lines) func whoWaitsNamesWhatRunsAndItsPlace(line: QueueLine, words: String) {
        #expect(plan(.fixture(), line).status?.message == words + Self.bound)
    }

    /// Once when it queues, and once when it is next.
    @Test func whatAWaiterSaysChangesOnlyWhenItIsNext() {
        let waiting = ReportRequest.fixture().applying(plan(.fixture(), .init(place: 4, running: ["r1"])))
        #expect(waiting.status?.reason == Reason.waitingForTurn)
        let moved: [(ObservedRun.Queue, QueueLine)] = [
            (.init(holders: 1), .init(running: ["r2"])), (.init(holders: 7, waitingAhead: 9), .init()),
            (.init(waitingAhead: 1), .init(running: ["r3"])),
        ]
        for (queue, line) in moved { #expect(plan(waiting, line, queue: queue, after: 99).isEmpty) }
        let next = plan(waiting, .init(isNext: true, running: ["r3"]), after: 99)
        #expect(next.status?.message == "is next, after r3, which runs" + Self.bound)
        #expect(plan(waiting.applying(next), .init(isNext: true, running: ["r4"]), after: 120).isEmpty)
    }

    @Test func aNewAttemptSaysItsOwnPlace() {
        let failed = ReportRequest.fixture().applying(plan(.fixture(), .init(place: 4, running: ["r1"])))
            .started().ended(.failed).attempt(2)
        let message = plan(failed, .init(place: 2, running: ["r7"]), after: 50).status?.message
        #expect(
            message?.hasPrefix("waits for its turn, place 2 in the queue at \(Timestamp.start.after(50)): r7") == true)
    }

    @Test func sharedRunWaitsForALock() {
        let request = ReportRequest.fixture(.chain("a").concurrency(scope: .shared))
        let waiting = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(waiting.status?.phase == .queued)
        #expect(waiting.status?.reason == Reason.sharedLockUnavailable)
        #expect(RunPlanner.plan(ObservedRun(request: request.applying(waiting)), now: .start.after(9)).isEmpty)
    }

    @Test func queueGoesByPriorityThenAgeThenUID() {
        let first = ReportRequest.fixture(uid: "b").priority(5).created(at: .start.after(9))
        let order = [
            first, ReportRequest.fixture(uid: "z").created(at: .start), .fixture(uid: "a").created(at: .start.after(1)),
            .fixture(uid: "c").created(at: .start.after(1)), .fixture(uid: "0").priority(-1).created(at: .start),
        ]
        let sorted = order.shuffled().sorted { QueuePosition($0) < QueuePosition($1) }
        #expect(sorted.map(\.metadata.uid) == ["b", "z", "a", "c", "0"])
    }

    @Test func requestsOfOneSecondGoInTheOrderInWhichTheyWereFirstSeen() {
        let months = (1...12).map { month in
            ReportRequest.fixture(name: "m-\(month)", uid: "\(20 - month)").with {
                $0.metadata.resourceVersion = "\(95 + month)"
            }
        }
        let accepted = months.map { request in
            request.queued().with { $0.metadata.resourceVersion = "\(1000 - $0.metadata.name.utf8.count)" }
        }
        for requests in [months, accepted] {
            let sorted = requests.shuffled().sorted { QueuePosition($0) < QueuePosition($1) }
            #expect(sorted.map(\.metadata.name) == (1...12).map { "m-\($0)" })
        }
        #expect(accepted.first?.status?.arrival == "96")
    }

    @Test func groupIsKnownByNamespaceKeyAndScope() {
        func group(_ pipeline: PipelineSpec, namespace: String = "n", name: String = "tb") -> ConcurrencyGroup {
            ConcurrencyGroup(namespace: namespace, pipeline: pipeline, name: name)
        }
        let plain = group(.chain("a"))
        #expect(plain.key == "tb")
        #expect(plain.limit == 1)
        #expect(plain.id == group(.diamond.concurrency(key: "tb", limit: 7)).id)
        let others = [
            group(.chain("a"), name: "other"), group(.chain("a"), namespace: "m"),
            group(.chain("a").concurrency(scope: .shared)),
        ]
        #expect(Set(others.map(\.id) + [plain.id]).count == 4)
    }
}
