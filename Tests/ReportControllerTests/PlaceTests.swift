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
