import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import Testing

@testable import ControllerRuntime

@Suite("Reflector", .timeLimit(.minutes(1)))
struct ReflectorTests {
    typealias Source = ScriptedSource

    /// A reflector over a script, run until the condition on the requests holds, then cancelled.
    struct Run {
        let store = Store<Job>()
        let registry = MetricsRegistry()
        let sleeps = Log<Duration>()
        let clock: ManualClock?
        let log = LogLines()

        init(clock: ManualClock? = nil) {
            self.clock = clock
        }

        func reflector(of source: Source) -> Reflector<Job> {
            Reflector(
                store: store,
                source: source,
                name: "jobs.batch",
                options: ReflectorOptions(random: { 0 }),
                logger: log.logger,
                metrics: registry,
                clock: clock?.runtimeClock ?? .hurrying(sleeps)
            )
        }

        func callAsFunction(
            _ source: Source, until isMet: @escaping @Sendable ([Source.Request]) -> Bool
        ) async {
            let reflector = reflector(of: source)
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await reflector.run() }
                await source.requests.wait(until: isMet)
                group.cancelAll()
            }
        }

        func callAsFunction(_ source: Source, requests: Int) async {
            await self(source) { $0.count >= requests }
        }
    }

    static let a = Job.named("a", version: 3)
    static let b = Job.named("b", version: 4)

    @Test func itListsOnceAndWatchesOnFromTheLastEvent() async {
        let run = Run()
        let source = Source([
            .list([Self.a], version: 10),
            .events([.added(Self.b.at(11)), .modified(Self.a.at(12)), .bookmark(resourceVersion: "20")], .inOrder),
            .events([.deleted(Self.b.at(21))], .inOrder),
        ])
        await run(source, requests: 4)
        #expect(source.requests.entries == [.list(.newest), .watch("10"), .watch("20"), .watch("21")])
        #expect(run.store.contents == ["a@12"])
        #expect(run.store.hasSynced)
    }

    @Test func pagesReachTheStoreTogether() async {
        let run = Run()
        let changes = Log<String>()
        run.store.addHandler { changes.append($0.summary) }
        let source = Source([
            .page([Self.a], version: 10, continue: "t1"),
            .page([], version: 10, continue: "t2"),
            .list([Self.b], version: 10),
        ])
        await run(source) { $0.last == .watch("10") }
        #expect(source.requests.entries == [.list(.newest), .list(.next("t1")), .list(.next("t2")), .watch("10")])
        #expect(changes.entries == ["+a@3", "+b@4"])
    }

    @Test func aPageThatIsTooLargeIsAskedForAgainWithFewerObjects() async {
        let run = Run()
        let source = Source([
            .page([Self.a], version: 10, continue: "t1"), .failure(.tooLarge), .failure(.tooLarge),
            .page([Self.b], version: 10, continue: "t2"), .list([], version: 10),
            .events([.status(.http(410, "Expired"))], .inOrder), .list([], version: 11),
        ])
        await run(source) { $0.last == .watch("11") }
        #expect(
            source.requests.entries == [
                .list(.newest), .list(.next("t1")), .list(.next("t1")), .list(.next("t1")), .list(.next("t2")),
                .watch("10"), .list(.newest), .watch("11"),
            ])
        // After a whole list it tries with more again.
        #expect(source.limits.entries == [500, 500, 125, 31, 31, 62])
    }

    @Test func aTokenThatExpiresStartsTheListAnew() async {
        let run = Run()
        let source = Source([
            .page([Self.a, Self.named("ghost", 5)], version: 10, continue: "t1"),
            .failure(.http(410, "Expired")),
            .list([Self.a], version: 12),
        ])
        await run(source) { $0.last == .watch("12") }
        #expect(
            source.requests.entries == [.list(.newest), .list(.next("t1")), .list(.newest), .watch("12")])
        #expect(run.store.contents == ["a@3"])
    }

    /// Its waits have grown by then; what asks at once is what others have found out.
    @Test func theReturnOfAServerThatWasAwayEndsTheWaitForIt() async {
        let clock = ManualClock()
        let run = Run(clock: clock)
        let server = ServerReturn()
        let source = Source(
            [.failure(.refused), .failure(.refused), .failure(.refused), .list([Self.a], version: 10)],
            serverReturn: server)
        let reflector = run.reflector(of: source)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await reflector.run() }
            // Waits of 0.8, 1.6 and 3.2 s, each of 0.8 s at the least.
            for (count, waits) in [(1, [800]), (2, [800, 800]), (3, [800])] {
                await source.requests.wait(count: count)
                for wait in waits {
                    await clock.waitUntilSleeping(for: .milliseconds(wait))
                    if count == 3 {
                        let start = ContinuousClock.now
                        server.noteAbsence(at: start)
                        server.noteAnswer(at: start + .seconds(5))
                    }
                    clock.advance(by: .milliseconds(wait))
                }
            }
            await source.requests.wait { $0.last == .watch("10") }
            #expect(clock.now == .milliseconds(800 + 1600 + 800))
            group.cancelAll()
        }
        #expect(run.store.contents == ["a@3"])
    }

    @Test func aPageThatFailsDeletesNothing() async {
        let run = Run()
        let source = Source([
            .list([Self.a, Self.b], version: 10),
            .events([.bookmark(resourceVersion: "11"), .status(.http(410, "Expired"))], .inOrder),
            .page([], version: 12, continue: "t1"),
            .failure(.refused),
        ])
        await run(source, requests: 5)
        #expect(run.store.contents == ["a@3", "b@4"])
        #expect(source.requests.entries.last == .list(.notOlderThan("11")))
    }

    @Test(arguments: [true, false])
    func anExpiredVersionLeadsToOneListThatSeesWhatFellIntoTheGap(inStream: Bool) async {
        let run = Run()
        let changes = Log<String>()
        run.store.addHandler { changes.append($0.summary) }
        let source = Source([
            .list([Self.a, Self.b], version: 10),
            .events([.bookmark(resourceVersion: "11")], .inOrder),
            inStream ? .events([.status(.http(410, "Expired"))], .inOrder) : .failure(.http(410, "Expired")),
            .list([Self.a.at(15)], version: 20),
        ])
        await run(source) { $0.last == .watch("20") }
        #expect(source.requests.entries.filter { $0.isList } == [.list(.newest), .list(.notOlderThan("11"))])
        #expect(changes.entries == ["+a@3", "+b@4", "-b@4", "~a@3>15"])
        #expect(run.registry.render().contains("reflector_expired_total{resource=\"jobs.batch\"} 1\n"))
    }

    @Test func whatGoesWrongWithAWatchIsMendedByAWatch() async {
        let run = Run()
        let source = Source([
            .list([Self.a], version: 10),
            .failure(.refused),
            .list([Self.a], version: 10),
            .failure(.http(429, "TooManyRequests", retryAfter: 4)),
            .failure(.http(503, "ServiceUnavailable")),
            .list([Self.a], version: 12),
            .events([.added(Self.b.at(11))], .broken(.refused)),
            .list([Self.a], version: 13),
            .events([.status(.http(429, "TooManyRequests"))], .inOrder),
            .events([.status(.http(500, "InternalError"))], .inOrder),
        ])
        await run(source, requests: 11)
        // Where the server was away, one object of a list shows that it wasn't set back; what is known stays.
        #expect(source.limits.entries == [500, 1, 1, 1])
        #expect(source.requests.entries.last == .watch("11"))
        #expect(run.store.contents == ["a@3", "b@11"])
        #expect(run.sleeps.entries == [800, 4000, 3200, 800, 1600, 3200].map { .milliseconds($0) })
    }

    @Test func aSilentConnectionIsWatchedOnAtOnce() async {
        let clock = ManualClock()
        let run = Run(clock: clock)
        let source = Source(
            [
                .list([Self.a], version: 10),
                .events([.bookmark(resourceVersion: "15")], .after(.seconds(180), .refused)),
                .list([Self.a], version: 15),
            ],
            passTime: { clock.advance(by: $0) })
        await run(source, requests: 4)
        #expect(source.requests.entries == [.list(.newest), .watch("10"), .list(.newest), .watch("15")])
        #expect(clock.sleeps.entries.isEmpty)
        #expect(
            run.registry.render().contains(
                "reflector_watch_restarts_total{resource=\"jobs.batch\",reason=\"silent\"} 1\n"))
        #expect(run.registry.render().contains("reflector_last_progress_age_seconds{resource=\"jobs.batch\"} 180\n"))
    }

    /// By an event of the watch, or by the first answer after the server was away: then no event would tell.
    @Test(arguments: [true, false]) func aClusterThatWasSetBackIsBelievedAndEndsTheProcess(byAnEvent: Bool) async {
        let run = Run()
        let source = Source(
            [
                .list([Self.a.at(90), Self.b.at(95)], version: 100),
                .events(
                    [.bookmark(resourceVersion: "110")] + (byAnEvent ? [.modified(Self.a.at(60))] : []),
                    byAnEvent ? .never : .broken(.refused)),
            ] + (byAnEvent ? [] : [.failure(.refused), .list([Self.a.at(60)], version: 70)])
                + [.list([Self.a.at(60)], version: 70)])
        let error = await #expect(throws: ClusterWasSetBack.self) { try await run.reflector(of: source).run() }
        #expect(error?.from == "110" && error?.to == "70")
        #expect(source.limits.entries == (byAnEvent ? [500, 500] : [500, 1, 1, 500]))
        // Nobody has acted on the one store while the others were as before.
        #expect(run.store.contents == ["a@90", "b@95"])
        #expect(run.log.lines.entries.contains { $0.contains("The cluster was set back") && $0.contains("known=110") })
    }

    /// Restoring etcd may raise its versions; then old watches expire, and a list is newer than what is known.
    @Test func aClusterThatWasSetBackUnderHigherVersionsEndsTheProcess() async {
        let run = Run()
        let source = Source([
            .list([Self.a.at(90), Self.b.at(95)], version: 100),
            .failure(.http(410, "Expired")),
            .list([Self.a.at(60), Self.b.at(95)], version: 5000),
        ])
        let error = await #expect(throws: ClusterWasSetBack.self) { try await run.reflector(of: source).run() }
        #expect(error?.from == "100" && error?.to == "5000")
    }

    @Test func anObjectThatDoesNotDecodeStopsNothing() async {
        let run = Run()
        let poison = UndecodableObject(
            namespace: "team-a", name: "a", uid: "uid-a", resourceVersion: "12", message: "expected Int")
        var later = poison
        later.resourceVersion = "13"
        let source = Source([
            .list([Self.a], version: 10),
            .events([.undecodable(poison), .undecodable(later), .added(Self.b.at(14))], .inOrder),
            .events([.undecodable(UndecodableObject(message: "not JSON"))], .inOrder),
        ])
        await run(source, requests: 4)
        #expect(source.requests.entries.last == .watch("14"))
        #expect(run.store.contents == ["a@3", "b@14"])
        #expect(run.store.undecodable == [.job("a")])
        #expect(run.log.lines.entries.filter { $0.contains("doesn't decode") && $0.contains("team-a/a") }.count == 1)
        #expect(run.registry.render().contains("reflector_undecodable_objects_total{resource=\"jobs.batch\"} 3\n"))
    }

    @Test(arguments: [(false, 1), (true, 0)])
    func whatDoesNotDecodeIsCountedUntilItIsMended(isMended: Bool, count: Int) async {
        let run = Run()
        let poison = UndecodableObject(
            namespace: "team-a", name: "a", uid: "uid-a", resourceVersion: "12", message: "expected Int")
        let source = Source([
            .list([Self.a, Self.b], version: 10),
            .events([.undecodable(poison)] + (isMended ? [.modified(Self.a.at(13))] : []), .inOrder),
        ])
        await run(source, requests: 3)
        #expect(run.registry.render().contains("store_undecodable_objects{resource=\"jobs.batch\"} \(count)\n"))
    }

    @Test func aMissingResourceIsToldOnceAndFoundWhenItComes() async {
        let run = Run()
        let source = Source(
            Array(repeating: .failure(.http(404, "NotFound")), count: 6)
                + Array(repeating: .failure(.http(403, "Forbidden")), count: 3) + [.list([Self.a], version: 10)])
        await run(source) { requests in
            if requests.count == 10, run.store.hasSynced { Issue.record("synced without a list") }
            return requests.last == .watch("10")
        }
        #expect(run.store.hasSynced)
        let lines = run.log.lines.entries
        #expect(lines.filter { $0.contains("apply its CRD") }.count == 1)
        #expect(lines.filter { $0.contains("allow its service account") }.count == 1)
        #expect(lines.filter { $0.contains("Resynced after a gap") }.count == 1)
        #expect(run.sleeps.entries.prefix(3) == [.milliseconds(800), .milliseconds(1600), .milliseconds(3200)])
    }

    @Test func itsMetricsTellOfTheStore() async {
        let run = Run()
        let source = Source([
            .list([Self.a, Self.b], version: 10),
            .events([.bookmark(resourceVersion: "11")], .inOrder),
        ])
        await run(source, requests: 3)
        let page = run.registry.render()
        #expect(page.contains("store_objects{resource=\"jobs.batch\"} 2\n"))
        #expect(page.contains("store_synced{resource=\"jobs.batch\"} 1\n"))
        #expect(page.contains("reflector_events_total{resource=\"jobs.batch\"} 1\n"))
    }

    static func named(_ name: String, _ version: Int) -> Job { .named(name, version: version) }
}

extension Job {
    /// The same object in another version.
    fileprivate func at(_ version: Int) -> Job {
        var job = self
        job.metadata.resourceVersion = "\(version)"
        return job
    }
}

extension ScriptedSource.Request {
    fileprivate var isList: Bool {
        switch self {
        case .list: true
        case .watch: false
        }
    }
}
