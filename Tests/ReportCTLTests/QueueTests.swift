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

    private func groups(_ durations: [Int64] = []) -> [QueueGroup] {
        let key = ObjectKey(namespace: "finance", name: "trial-balance")
        return QueueGroup.all(
            Expectations(
                requests.map { $0.referring(to: key.name) }, history: RunHistory([key: durations]),
                now: .start.after(60)))
    }

    @Test func whoWaitsStandsInTheOperatorsOrder() {
        let groups = groups()
        #expect(groups.map(\.key) == ["erp", "other"])
        #expect(groups[0].running.map(\.name) == ["runs"])
        #expect(groups[0].waiting.map(\.name) == ["urgent", "old", "young"])
        #expect(groups[0].waiting.map(\.position) == [1, 2, 3])
        #expect(groups[1].limit == 2 && groups[1].scope == "Shared")
        #expect(QueueGroup.unaccepted(requests).map(\.name) == ["new"])
    }

    @Test func eachSaysWhatItWaitsFor() {
        var groups = groups()
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
        #expect(
            QueueGroup.all(
                Expectations([request("done", key: "erp").started().ended(.failed)], history: RunHistory(), now: .start)
            ).isEmpty)
    }

    /// `runs` began with the first second; each takes ten minutes.
    @Test func eachSaysWhenItIsExpected() throws {
        func column(_ groups: [QueueGroup]) -> [String] {
            QueueView.lines(
                groups, unaccepted: [], now: .start.after(60), showsNamespace: false, expects: true, moments: .utc
            ).map { $0.rendered(color: false) }
        }
        let lines = column(groups([500, 600, 700]))
        let start = Moments.utc
        func about(_ seconds: Int64) throws -> String {
            try #require(start.about(.start.after(seconds), now: .start.after(60)))
        }
        #expect(lines[1].contains("SINCE   EXPECTED"))
        let done = try about(600)
        #expect(lines[2].contains("done \(done)"), "\(lines)")
        for (line, seconds) in [(3, 600), (4, 1200), (5, 1800)] as [(Int, Int64)] {
            let words = try about(seconds)
            #expect(lines[line].contains("starts \(words)"), "\(lines)")
        }
        // Nobody knows when what takes longer than usual ends.
        let late = column(groups([30]))
        #expect(late[2].contains("longer than usual") && late[3].contains("longer than usual"), "\(late)")
        #expect(late[4].contains("starts in less than a minute at the earliest"), "\(late)")
        let unknown = column(groups())
        for line in 2...5 { #expect(unknown[line].contains("not known: no past runs"), "\(unknown)") }
        #expect(groups([600])[0].waiting.map(\.expected?.runs) == [1, 1, 1])
    }

    @Test(
        arguments: [
            (-1, nil), (0, "in less than a minute"), (59, "in less than a minute"), (60, "about 23:01"),
            (14 * 60 + 31, "about 23:15"), (16 * 60, "about 23:15"), (59 * 60, "about tomorrow 00:00"),
            (4 * 3600 + 301, "about tomorrow 03:10"), (49 * 3600, "about 2026-11-03 00:00"),
        ] as [(Int64, String?)])
    func anExpectationIsAsCoarseAsItIsFar(seconds: Int64, words: String?) throws {
        let now = try #require(Timestamp("2026-10-31T23:00:00Z"))
        #expect(Moments.utc.about(now.after(seconds), now: now) == words)
    }
}
