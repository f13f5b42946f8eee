import AsyncSupport
import KubernetesClient
import PrometheusMetrics
import Synchronization
import Testing

@testable import ControllerRuntime

@Suite("Work queue", .timeLimit(.minutes(1)))
struct WorkQueueTests {
    @Test func aWaitingWorkerGetsTheKeyThatIsAdded() async {
        let queue = WorkQueue<String>(name: "q")
        async let key = queue.next()
        queue.add("a")
        #expect(await key == "a")
    }

    @Test func aWaitingWorkerIsLetGoWhenItsTaskIsCancelled() async {
        let queue = WorkQueue<String>(name: "q")
        let key = await withTaskGroup { group in
            group.addTask { await queue.next() }
            group.cancelAll()
            return await group.next() ?? "none"
        }
        #expect(key == nil)
        // The key isn't handed to the one who is gone.
        queue.add("a")
        #expect(await queue.next() == "a")
    }

    @Test func shuttingDownLetsWorkersGoAndTakesNothingMore() async {
        let queue = WorkQueue<String>(name: "q")
        queue.add("left")
        async let first = queue.next()
        #expect(await first == "left")
        queue.add("a")
        queue.shutDown()
        #expect(await queue.next() == nil)
        queue.add("b")
        queue.add("c", after: .seconds(1))
        #expect(await queue.next() == nil)
    }

    /// After an outage of minutes they would wait as long once more.
    @Test func whatFailedIsTriedAgainWithinASecondOnceTheServerIsBack() async {
        let clock = ManualClock()
        let server = ServerReturn()
        let queue = WorkQueue<String>(
            name: "q", backoff: Backoff(random: { 0.5 }), server: server, clock: clock.runtimeClock)
        queue.add("later", after: .seconds(7))
        for _ in 0..<20 { queue.addRateLimited("failed") }
        await withTaskGroup { group in
            group.addTask { await queue.runTimer() }
            // What it had waited for the first time.
            await clock.waitUntilSleeping(for: .milliseconds(3.75))
            clock.advance(by: .milliseconds(3.75))
            #expect(await queue.next() == "failed")
            queue.addRateLimited("failed")
            queue.done("failed")
            server.noteAnswer()
            await clock.waitUntilSleeping(for: .milliseconds(6996.25))
            let start = ContinuousClock.now
            server.noteAbsence(at: start)
            server.noteAnswer(at: start + .seconds(5))
            server.noteAnswer(at: start + .seconds(6))
            await clock.waitUntilSleeping(for: .milliseconds(500))
            clock.advance(by: .milliseconds(500))
            #expect(await queue.next() == "failed")
            #expect(queue.failures(of: "failed") == 0)
            #expect(queue.depth == 0)
            queue.shutDown()
        }
    }

    @Test func delayedKeysComeWithOneSleepForAllOfThem() async {
        let clock = ManualClock()
        let queue = WorkQueue<Int>(name: "q", clock: clock.runtimeClock)
        for key in 1...50 { queue.add(key, after: .seconds(key)) }
        await withTaskGroup { group in
            group.addTask { await queue.runTimer() }
            await clock.sleeps.wait(count: 1)
            clock.advance(by: .seconds(1))
            #expect(await queue.next() == 1)
            await clock.sleeps.wait(count: 2)
            clock.advance(by: .seconds(3))
            for key in 2...4 { #expect(await queue.next() == key) }
            await clock.sleeps.wait(count: 3)
            #expect(clock.sleeps.entries == [.seconds(1), .seconds(1), .seconds(1)])
            queue.shutDown()
        }
    }

    @Test func anEarlierKeyCutsTheSleepShort() async {
        let clock = ManualClock()
        let queue = WorkQueue<String>(name: "q", clock: clock.runtimeClock)
        await withTaskGroup { group in
            group.addTask { await queue.runTimer() }
            queue.add("late", after: .seconds(60))
            await clock.sleeps.wait { $0.contains(.seconds(60)) }
            queue.add("later", after: .seconds(90))
            queue.add("soon", after: .seconds(5))
            await clock.sleeps.wait { $0.last == .seconds(5) }
            clock.advance(by: .seconds(5))
            #expect(await queue.next() == "soon")
            await clock.sleeps.wait { $0.last == .seconds(55) }
            #expect(clock.sleeps.entries == [.seconds(60), .seconds(5), .seconds(55)])
            queue.shutDown()
        }
    }

    @Test func aTimerWithNothingToDoSleepsNotAtAll() async {
        let clock = ManualClock()
        let queue = WorkQueue<String>(name: "q", clock: clock.runtimeClock)
        await withTaskGroup { group in
            group.addTask { await queue.runTimer() }
            queue.add("a")
            #expect(await queue.next() == "a")
            queue.done("a")
            queue.shutDown()
        }
        #expect(clock.sleeps.entries.isEmpty)
    }

    @Test func aFailingKeyWaitsLongerEachTime() async {
        let clock = ManualClock()
        let queue = WorkQueue<String>(
            name: "q", backoff: Backoff(random: { 1 }), clock: clock.runtimeClock)
        await withTaskGroup { group in
            group.addTask { await queue.runTimer() }
            for failures in 0..<4 {
                queue.addRateLimited("a")
                let delay = Duration.milliseconds(5 << failures)
                await clock.sleeps.wait(count: failures + 1)
                clock.advance(by: delay)
                #expect(await queue.next() == "a")
                queue.done("a")
            }
            queue.forget("a")
            queue.addRateLimited("a")
            await clock.sleeps.wait(count: 5)
            queue.shutDown()
        }
        #expect(clock.sleeps.entries == [5, 10, 20, 40, 5].map { .milliseconds($0) })
    }

    @Test func manyWorkersNeverShareAKeyAndSeeEveryAddition() async {
        let queue = WorkQueue<Int>(name: "q")
        let rounds = 400
        let tally = Tally()
        let settled = Log<Int>()
        await withDiscardingTaskGroup { group in
            for _ in 0..<6 {
                group.addTask {
                    while let key = await queue.next() {
                        let count = tally.begin(key)
                        await Task.yield()
                        if tally.end(key, seen: count) == 4 * rounds { settled.append(1) }
                        queue.done(key)
                    }
                }
            }
            for source in 0..<4 {
                group.addTask {
                    for round in 0..<rounds {
                        let key = (round + source) % 7
                        tally.add(key)
                        queue.add(key)
                        if round.isMultiple(of: 16) { await Task.yield() }
                    }
                }
            }
            await settled.wait(count: 1)
            queue.shutDown()
        }
        #expect(!tally.sharedAKey)
    }

    /// How often each key was added, how much of that a worker has seen, and who works.
    private final class Tally: Sendable {
        private struct State {
            var working: Set<Int> = []
            var added: [Int: Int] = [:]
            var seen: [Int: Int] = [:]
            var sharedAKey = false
        }

        private let state = Mutex(State())

        var sharedAKey: Bool { state.withLock { $0.sharedAKey } }

        func add(_ key: Int) { state.withLock { $0.added[key, default: 0] += 1 } }

        func begin(_ key: Int) -> Int {
            state.withLock { state in
                if !state.working.insert(key).inserted { state.sharedAKey = true }
                return state.added[key] ?? 0
            }
        }

        func end(_ key: Int, seen: Int) -> Int {
            state.withLock { state in
                state.working.remove(key)
                state.seen[key] = seen
                return state.seen.values.reduce(0, +)
            }
        }
    }

    @Test func itsMetricsHaveTheNamesOfClientGo() async {
        let clock = ManualClock()
        let registry = MetricsRegistry()
        let queue = WorkQueue<String>(name: "jobs", clock: clock.runtimeClock, metrics: registry)
        queue.add("a")
        queue.add("b")
        queue.add("b")
        _ = await queue.next()
        clock.advance(by: .seconds(3))
        queue.addRateLimited("c")
        let page = registry.render()
        let labels = "{name=\"jobs\",controller=\"jobs\"}"
        #expect(page.contains("workqueue_depth\(labels) 1\n"))
        #expect(page.contains("workqueue_adds_total\(labels) 2\n"))
        #expect(page.contains("workqueue_retries_total\(labels) 1\n"))
        #expect(page.contains("workqueue_unfinished_work_seconds\(labels) 3\n"))
        #expect(page.contains("workqueue_longest_running_processor_seconds\(labels) 3\n"))
        #expect(page.contains("workqueue_queue_duration_seconds_count\(labels) 1\n"))
        #expect(page.contains("workqueue_work_duration_seconds_count\(labels) 0\n"))
    }
}
