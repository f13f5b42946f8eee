import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// Who has a place in a concurrency group, who waits for one, and who is woken.
struct PlaceTests {
    /// The answer to the write that was to start the first is lost, and it can't be read back.
    @Test func aStartThatWasPerhapsWrittenTakesItsPlaceUntilItIsKnown() async {
        let (first, second) = (ReportRequest.numbered(1).queued(), ReportRequest.numbered(2).queued())
        let cluster = Cluster(requests: [first, second])
        await cluster.connect()
        cluster.doubts.raise(first, wanting: first.started().status ?? .init())
        #expect(cluster.observer.observe(second.key)?.queue.holders == 1)
        #expect(cluster.observer.observe(first.key)?.queue.holders == 0, "not before itself")
        cluster.doubts.settle(first.metadata.uid)
        #expect(await cluster.woken() == ["r1"], "a place is free that counted as taken")
        #expect(cluster.observer.observe(second.key)?.queue == .init(holders: 0, waitingAhead: 1))
    }

    @Test func aDoubtEndsWithItsRequest() async {
        let (first, second) = (ReportRequest.numbered(1).queued(), ReportRequest.numbered(2).queued())
        let cluster = Cluster(requests: [first, second])
        await cluster.connect()
        cluster.doubts.raise(first, wanting: first.started().status ?? .init())
        cluster.cache.requests.observeDeletion(of: first.with { $0.metadata.resourceVersion = "2" })
        #expect(await cluster.woken().contains("r2"))
        #expect(cluster.observer.observe(second.key)?.queue == .init())
    }

    /// Somebody has patched nonsense into its status. It may run, so nobody gets its place.
    @Test func whatCannotBeReadKeepsItsPlaceAndThoseWhoWaitSaySo() async throws {
        let (running, waiting) = (ReportRequest.numbered(1).started(), ReportRequest.numbered(2).queued())
        let cluster = Cluster(requests: [running, waiting])
        await cluster.connect()
        cluster.cache.requests.observeUndecodable(running.unread(version: 5))
        #expect(await cluster.woken() == ["r1", "r2"])
        let observed = try #require(cluster.observer.observe(waiting.key))
        #expect(observed.queue == .init(holders: 1, unreadable: ["r1"]))
        let message = try #require(RunPlanner.plan(observed, now: .start).status?.message)
        #expect(message.contains(#"reportrequest "r1" has a place and can't be read"#))
        // Mended: it goes on, and those who wait say no more of it.
        cluster.see(running, version: 6)
        #expect(Set(await cluster.woken()) == ["r1", "r2"])
        #expect(cluster.observer.observe(waiting.key)?.queue == .init(holders: 1))
    }

    @Test func whatCannotBeReadAndWaitsHoldsNobodyUp() async {
        let (first, second) = (ReportRequest.numbered(1).queued(), ReportRequest.numbered(2).queued())
        let cluster = Cluster(requests: [first, second])
        await cluster.connect()
        cluster.cache.requests.observeUndecodable(first.unread(version: 5))
        #expect(await cluster.woken().contains("r2"))
        #expect(cluster.observer.observe(second.key)?.queue == .init())
    }

    /// To set its finalizers gives a request another version, in whatever order the workers come to it.
    @Test func whoWasMadeFirstWithinASecondGoesFirst() throws {
        let requests = (1...3).map { number in
            ReportRequest.numbered(number).created(at: .start).with {
                $0.metadata.uid = "uid-\(9 - number)"
                $0.acceptedUID = $0.metadata.uid
                $0.metadata.resourceVersion = "\(10 + number)"
            }
        }
        let cluster = Cluster(requests: requests)
        cluster.see(requests[2], version: 20)
        cluster.see(requests[0], version: 21)
        cluster.see(requests[1], version: 22)
        let observed = requests.compactMap { cluster.observer.observe($0.key) }
        #expect(observed.map(\.arrival) == ["11", "12", "13"])
        #expect(observed.map(\.queue.waitingAhead) == [0, 1, 1])
        // What was seen first is written with the first status, which is what a restart goes by.
        let plan = RunPlanner.plan(observed[1], now: .start)
        let status = try #require(plan.status)
        let patch = try JSONEncoder().encode(RequestStatusPatch(observed[1].request, to: status))
        #expect(String(decoding: patch, as: UTF8.self).contains(#""arrival":"12""#))
        let stored = requests[1].applying(plan).with { $0.metadata.resourceVersion = "40" }
        let restarted = Cluster(requests: [requests[2].with { $0.metadata.resourceVersion = "20" }, stored])
        #expect(restarted.observer.observe(stored.key)?.queue.waitingAhead == 0)
        #expect(restarted.observer.observe(requests[2].key)?.queue.waitingAhead == 1)
    }

    /// A start, an end and a cancel look at as many requests, whatever waits.
    @Test(arguments: [250, 1000, 4000]) func whatAChangeCostsDoesNotDependOnHowManyWait(count: Int) async throws {
        let running = ReportRequest.numbered(0).started()
        let status = ReportRequest.numbered(1).queued().status
        let waiting = (1...count).map { number in ReportRequest.numbered(number).with { $0.status = status } }
        let cluster = Cluster(requests: [running] + waiting)
        await cluster.connect()
        let store = cluster.cache.requests
        func cost(_ change: ReportRequest, version: Int) async -> Int {
            let before = store.lookedAt
            cluster.see(change, version: version)
            for name in await cluster.woken() {
                _ = cluster.observer.observe(ObjectKey(namespace: change.metadata.namespace, name: name))
            }
            return store.lookedAt - before
        }
        let last = try #require(waiting.last)
        #expect(await cost(last.ended(.cancelled), version: 2) <= 8, "a cancel at the end")
        #expect(await cost(waiting[count / 2].ended(.cancelled), version: 3) <= 8, "a cancel in the middle")
        #expect(await cost(running.ended(.succeeded), version: 4) <= 8, "an end")
        #expect(await cost(waiting[0].started(), version: 5) <= 8, "a start")
        // Its place is counted, as far as places are.
        #expect(await cost(.numbered(count + 1), version: 6) <= 8 + QueueLine.longest, "an arrival")
    }

    // MARK: What is said of a place

    @Test func aPlaceIsCountedOnceAndTheNextOneIsKnown() async throws {
        let running = ReportRequest.numbered(0).started()
        let cluster = Cluster(requests: [
            running, .numbered(1).queued(), .numbered(2), .numbered(3), .numbered(4).queued(),
        ])
        await cluster.connect()
        func line(_ number: Int) -> QueueLine? { cluster.observer.observe(ReportRequest.numbered(number).key)?.line }
        #expect(line(1) == QueueLine(isNext: true, running: ["r0"]))
        #expect(line(2) == QueueLine(place: 2, running: ["r0"]))
        #expect(line(3) == QueueLine(place: 3, running: ["r0"]), "one that has come and isn't accepted yet counts")
        #expect(line(4) == QueueLine(running: ["r0"]))
        cluster.see(running.ended(.succeeded), version: 2)
        cluster.see(.numbered(1).started(), version: 3)
        #expect(line(2) == QueueLine(isNext: true, place: 1, running: ["r1"]))
    }

    @Test func manyThatRunAreNamedUpToThree() {
        let pipeline = PipelineSpec.chain("one").concurrency(key: "ledger", limit: 5)
        let running = (1...5).map { ReportRequest.numbered($0, pipeline).started() }
        let cluster = Cluster(requests: running + [.numbered(6, pipeline)])
        #expect(
            cluster.observer.observe(ReportRequest.numbered(6).key)?.line
                == QueueLine(isNext: true, place: 1, running: ["r1", "r2", "r3"], others: 2))
    }

    /// A start makes another one the next, who says so.
    @Test func whoIsNextIsWokenWhenTheOneBeforeItStarts() async {
        let requests = (1...3).map { ReportRequest.numbered($0).queued() }
        let cluster = Cluster(requests: requests)
        await cluster.connect()
        cluster.see(requests[0].started(), version: 2)
        #expect(await cluster.woken() == ["r1", "r2"])
    }

    /// The first has arrived and not been looked at; by its pipeline, as it was, it stood before the second.
    @Test(arguments: ["other", nil])
    func whoWaitedBehindOneThatHadArrivedIsWokenWhenItsPipelineChanges(key: String?) async {
        let pipeline = ReportPipeline.fixture("monthly", .chain("one").concurrency(key: "ledger"))
        let arrived = ReportRequest.numbered(1).referring(to: "monthly")
        let waiting = ReportRequest.numbered(2).queued()
        let cluster = Cluster(requests: [arrived, waiting], pipelines: [pipeline])
        await cluster.connect()
        #expect(cluster.observer.observe(waiting.key)?.queue == .init(holders: 0, waitingAhead: 1))
        if let key {
            var changed = ReportPipeline.fixture("monthly", .chain("one").concurrency(key: key))
            changed.metadata.resourceVersion = "2"
            cluster.cache.pipelines.observe(changed)
        } else {
            cluster.cache.pipelines.observeDeletion(of: pipeline)
        }
        #expect(Set(await cluster.woken()) == ["r1", "r2"])
        #expect(cluster.observer.observe(waiting.key)?.queue == .init())
    }
}
