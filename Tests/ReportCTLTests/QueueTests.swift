import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import TestSupport
import Testing

@testable import ReportCTL

struct QueueTests {
    private func request(_ name: String, key: String, limit: Int = 1, scope: ConcurrencySpec.Scope? = nil)
        -> ReportRequest
    {
        ReportRequest.fixture(
            .chain("extract").concurrency(key: key, limit: limit, scope: scope), name: name, uid: "uid-\(name)")
    }

    private var requests: [ReportRequest] {
        [
            request("done", key: "erp").started().ended(.succeeded), request("runs", key: "erp").running("extract"),
            request("young", key: "erp").created(at: .start.after(9)).queued(at: .start.after(9)),
            request("old", key: "erp").queued(),
            request("urgent", key: "erp").priority(5).created(at: .start.after(20)).queued(at: .start.after(20)),
            withTheLock(request("alone", key: "other", limit: 2, scope: .shared)), request("new", key: "erp"),
        ]
    }

    /// Accepted, then started: the operator starts a shared run only while it holds its lock.
    private func withTheLock(_ request: ReportRequest) -> ReportRequest {
        let guarded = request.queued().with { $0.metadata.finalizers = [ReportsAPI.Finalizer.sharedLock] }
        return guarded.applying(
            RunPlanner.plan(ObservedRun(request: guarded, lock: .held(fence: 7)), now: .start))
    }

    @Test func whoWaitsStandsInTheOperatorsOrder() {
        let groups = QueueGroup.all(requests)
        #expect(groups.map(\.key) == ["erp", "other"])
        #expect(groups[0].running.map(\.name) == ["runs"])
        #expect(groups[0].waiting.map(\.name) == ["urgent", "old", "young"])
        #expect(groups[0].waiting.map(\.position) == [1, 2, 3])
        #expect(groups[1].limit == 2 && groups[1].scope == "Shared")
        #expect(QueueGroup.unaccepted(requests).map(\.name) == ["new"])
    }

    @Test func eachSaysWhatItWaitsFor() {
        var groups = QueueGroup.all(requests)
        groups[1].elsewhere = .init(holders: ["alone", "4f1d"], line: ["77aa"])
        let lines = QueueView.lines(
            groups, unaccepted: QueueGroup.unaccepted(requests), now: .start.after(60), showsNamespace: true
        ).map { $0.rendered(color: false) }
        #expect(
            lines == [
                "finance/erp   at most 1 at once; 1 running, 3 waiting",
                "  PLACE     NAME     PRIORITY   SINCE   REQUESTER   WHY",
                "  Running   runs     0          60s                 1/1 extract",
                "  1         urgent   5          40s                 next, after runs",
                "  2         old      0          60s                 behind urgent",
                "  3         young    0          51s                 behind old", "",
                "finance/other   at most 2 at once, over all clusters; 1 running, 0 waiting",
                "  PLACE     NAME    PRIORITY   SINCE   REQUESTER   WHY",
                "  Running   alone   0          60s                 0/1",
                "  The shared lock is held by alone, 4f1d; in the line: 77aa", "", "Not accepted yet",
                "  new   60s   not seen by the operator",
            ])
    }

    @Test func nothingThatIsOverStandsInAQueue() {
        #expect(QueueGroup.all([request("done", key: "erp").started().ended(.failed)]).isEmpty)
    }
}
