import AsyncSupport
import KubernetesModel
import Logging
import PrometheusMetrics
import ServiceLifecycle
import Synchronization
import Testing

@testable import ControllerRuntime

@Suite("Controller", .timeLimit(.minutes(1)))
struct ControllerTests {
    struct Mishap: Error {}

    /// A controller in a service group, as the operator runs it.
    struct House {
        let queue: WorkQueue<String>
        let store = Store<Job>()
        let registry = MetricsRegistry()
        let log = LogLines()
        let clock: ManualClock
        let group: ServiceGroup

        init(
            options: Controller<String>.Options = .init(),
            synced: Bool = true,
            clock: ManualClock = ManualClock(),
            reconcile: @escaping @Sendable (String) async throws -> ReconcileResult
        ) {
            self.clock = clock
            queue = WorkQueue(
                name: "jobs", backoff: Backoff(random: { 1 }), clock: clock.runtimeClock, metrics: registry)
            let controller = Controller(
                name: "jobs", queue: queue, stores: [store], options: options, logger: log.logger, metrics: registry,
                clock: clock.runtimeClock, reconcile: reconcile)
            group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: controller, successTerminationBehavior: .gracefullyShutdownGroup)],
                    logger: .silent))
            if synced { store.replace(with: [], resourceVersion: "1") }
        }

        /// Runs the group beside the body, which has to shut it down.
        func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await body()
                try await tasks.waitForAll()
            }
        }
    }

    @Test func noWorkerStartsBeforeTheStoresHaveSynced() async throws {
        let started = Log<String>()
        let clock = ManualClock()
        let house = House(synced: false, clock: clock) { key in
            started.append(key)
            return .done
        }
        house.queue.add("a")
        try await house.run {
            await clock.sleeps.wait(count: 1)
            clock.advance(by: .seconds(120))
            await house.log.lines.wait { $0.contains { $0.contains("stores=jobs.batch") } }
            #expect(started.entries.isEmpty)
            house.store.replace(with: [], resourceVersion: "1")
            await started.wait(count: 1)
            await house.group.triggerGracefulShutdown()
        }
        #expect(started.entries == ["a"])
    }

    @Test func aShutdownBeforeTheStoresHaveSyncedEndsIt() async throws {
        let clock = ManualClock()
        let house = House(synced: false, clock: clock) { _ in .done }
        try await house.run {
            await clock.sleeps.wait(count: 1)
            await house.group.triggerGracefulShutdown()
        }
        #expect(await house.queue.next() == nil)
    }

    @Test func aGracefulShutdownLetsTheWorkersFinishAndTakesNoNewKeys() async throws {
        let events = Log<String>()
        let finish = Gate()
        let house = House { key in
            events.append("begin \(key)")
            try await finish.wait()
            events.append(Task.isCancelled ? "cancelled \(key)" : "end \(key)")
            return .done
        }
        house.queue.add("a")
        house.queue.add("b")
        let clock = house.clock
        try await house.run {
            await events.wait(count: 1)
            await house.group.triggerGracefulShutdown()
            // The shutdown has been noticed when its bound is being waited for.
            await clock.sleeps.wait { $0.contains(.seconds(30)) }
            finish.open()
        }
        #expect(events.entries == ["begin a", "end a"])
        #expect(clock.sleeping == 0)
    }

    @Test func whatDoesNotFinishInTimeIsCancelled() async throws {
        let events = Log<String>()
        let never = Gate()
        let house = House { key in
            events.append("begin \(key)")
            do { try await never.wait() } catch { events.append("cancelled \(key)") }
            throw CancellationError()
        }
        house.queue.add("a")
        let clock = house.clock
        try await house.run {
            await events.wait(count: 1)
            await house.group.triggerGracefulShutdown()
            await clock.sleeps.wait { $0.contains(.seconds(30)) }
            clock.advance(by: .seconds(30))
        }
        #expect(events.entries == ["begin a", "cancelled a"])
        // What ends with the process isn't a failure.
        #expect(house.registry.render().contains("controller_runtime_reconcile_errors_total{controller=\"jobs\"} 0\n"))
    }

    @Test func aFailingKeyComesBackAfterWaitsThatGrowUntilItSucceeds() async throws {
        let clock = ManualClock()
        let attempts = Log<Duration>()
        let house = House(clock: clock) { _ in
            attempts.append(clock.now)
            switch attempts.entries.count {
            case 1, 2, 3, 5: throw Mishap()
            default: return .done
            }
        }
        house.queue.add("a")
        try await house.run {
            for (failures, delay) in [5, 10, 20].enumerated() {
                await clock.sleeps.wait(count: failures + 2)
                clock.advance(by: .milliseconds(delay))
            }
            await attempts.wait(count: 4)
            // It succeeded, so the next failure waits the shortest time again.
            house.queue.add("a")
            await clock.sleeps.wait(count: 5)
            clock.advance(by: .milliseconds(5))
            await attempts.wait(count: 6)
            await house.group.triggerGracefulShutdown()
        }
        #expect(attempts.entries == [0, 5, 15, 35, 35, 40].map { .milliseconds($0) })
        let page = house.registry.render()
        #expect(page.contains("controller_runtime_reconcile_total{controller=\"jobs\",result=\"error\"} 4\n"))
        #expect(page.contains("controller_runtime_reconcile_total{controller=\"jobs\",result=\"success\"} 2\n"))
        #expect(page.contains("controller_runtime_active_workers{controller=\"jobs\"} 0\n"))
        #expect(page.contains("controller_runtime_max_concurrent_reconciles{controller=\"jobs\"} 1\n"))
    }

    @Test func aTerminalErrorIsNotTriedAgain() async throws {
        let attempts = Log<String>()
        let house = House { key in
            attempts.append(key)
            if key == "bad" { throw TerminalError(Mishap()) }
            return .done
        }
        let clock = house.clock
        house.queue.add("bad")
        house.queue.add("good")
        try await house.run {
            await attempts.wait(count: 2)
            await house.group.triggerGracefulShutdown()
        }
        #expect(attempts.entries == ["bad", "good"])
        #expect(!clock.sleeps.entries.contains { $0 < .seconds(1) })
        let page = house.registry.render()
        #expect(page.contains("controller_runtime_terminal_reconcile_errors_total{controller=\"jobs\"} 1\n"))
    }

    @Test func aKeyThatAsksForItComesBackAfterItsTime() async throws {
        let clock = ManualClock()
        let attempts = Log<Duration>()
        let house = House(clock: clock) { _ in
            attempts.append(clock.now)
            return attempts.entries.count == 1 ? .requeue(after: .seconds(90)) : .done
        }
        house.queue.add("a")
        try await house.run {
            await clock.sleeps.wait { $0.contains(.seconds(90)) }
            clock.advance(by: .seconds(90))
            await attempts.wait(count: 2)
            await house.group.triggerGracefulShutdown()
        }
        #expect(attempts.entries == [.zero, .seconds(90)])
    }

    /// What rests on an object that changes all the time, or that no watch tells of, isn't asked for ten times a second.
    @Test func pausesGrowWhileAKeyHasToBeLookedAtAgain() async throws {
        let clock = ManualClock()
        let attempts = Log<Duration>()
        let house = House(clock: clock) { _ in
            attempts.append(clock.now)
            return attempts.entries.count <= 3 ? .lookAgain : .done
        }
        house.queue.add("a")
        try await house.run {
            for (number, pause) in [5, 10, 20].enumerated() {
                await attempts.wait(count: number + 1)
                await clock.sleeps.wait { $0.contains(.milliseconds(pause)) }
                clock.advance(by: .milliseconds(pause))
            }
            await attempts.wait(count: 4)
            await house.group.triggerGracefulShutdown()
        }
        #expect(attempts.entries == [.zero, .milliseconds(5), .milliseconds(15), .milliseconds(35)])
        #expect(house.queue.failures(of: "a") == 0, "what went well is forgotten")
        let page = house.registry.render()
        #expect(page.contains("controller_runtime_reconcile_errors_total{controller=\"jobs\"} 0\n"))
    }

    @Test func whatTakesTooLongIsCancelledAndTriedAgain() async throws {
        let clock = ManualClock()
        let attempts = Log<String>()
        let never = Gate()
        let house = House(options: .init(reconcileTimeout: .seconds(10)), clock: clock) { key in
            attempts.append(key)
            if attempts.entries.count == 1 { try await never.wait() }
            return .done
        }
        house.queue.add("a")
        try await house.run {
            await clock.sleeps.wait { $0.contains(.seconds(10)) }
            clock.advance(by: .seconds(10))
            await clock.sleeps.wait { $0.contains(.milliseconds(5)) }
            clock.advance(by: .milliseconds(5))
            await attempts.wait(count: 2)
            await house.group.triggerGracefulShutdown()
        }
        #expect(
            house.registry.render().contains("controller_runtime_reconcile_timeouts_total{controller=\"jobs\"} 1\n"))
    }

    @Test func severalWorkersShareTheKeysButNeverOne() async throws {
        let events = Log<(key: String, begins: Bool)>()
        let house = House(options: .init(workers: 4)) { key in
            events.append((key, true))
            await Task.yield()
            events.append((key, false))
            return .done
        }
        try await house.run {
            for round in 0..<200 {
                house.queue.add("key-\(round % 5)")
                if round.isMultiple(of: 10) { await Task.yield() }
            }
            house.queue.add("last")
            await events.wait { $0.contains { $0.key == "last" && !$0.begins } }
            await house.group.triggerGracefulShutdown()
        }
        var working: Set<String> = []
        for event in events.entries {
            if event.begins {
                #expect(working.insert(event.key).inserted)
            } else {
                working.remove(event.key)
            }
        }
        #expect(working.isEmpty)
    }
}
