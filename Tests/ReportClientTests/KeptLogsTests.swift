import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

@testable import ReportClient

struct KeptLogsTests {
    private let request = ReportRequest.fixture(.chain("extract", "load"))
        .running("load", succeeded: ["extract"])

    private func pod(_ stage: String) -> Pod { Pod.fixture(of: request, stage: stage, at: .start).named(stage) }

    private func log(_ stage: String, pod: String, attempt: Int = 1, at seconds: Int64 = 0) -> StageLog {
        StageLog(
            reportID: request.metadata.uid, namespace: "finance", name: "tb", attempt: attempt, stage: stage, pod: pod,
            podUID: pod, podCreatedAt: Timestamp.start.after(seconds).date, text: "a\n\nb\n", isCut: false)
    }

    @Test func theRecordIsAskedOnlyWhereAStageThatEndedHasNoPod() {
        #expect(KeptLogs(request, pods: [], stage: nil).isNeeded)
        #expect(KeptLogs(request, pods: [pod("load")], stage: "extract").isNeeded)
        // One that runs has a log nowhere but in its pod.
        #expect(!KeptLogs(request, pods: [pod("extract")], stage: nil).isNeeded)
        #expect(!KeptLogs(request, pods: [], stage: "load").isNeeded)
        #expect(KeptLogs(request.ended(.cancelled), pods: [pod("extract")], stage: nil).isNeeded)
    }

    @Test func keptLogsTakeTheirTurnAmongThePodsThatAreThere() {
        let there = pod("load")
        var kept = KeptLogs(request, pods: [there], stage: nil)
        kept.take([log("load", pod: there.metadata.uid), log("extract", pod: "gone", at: 0)])
        #expect(kept.pods.map(\.metadata.name) == ["gone"])
        var order = LogOrder(PipelineSpec.chain("extract", "load").stages)
        #expect(order.next([there.succeeded()] + kept.pods).map(\.metadata.name) == ["gone"])
        #expect(kept.log(of: kept.pods[0])?.stage == "extract" && kept.log(of: there) == nil)
        var one = KeptLogs(request, pods: [], stage: "load")
        one.take([log("extract", pod: "x"), log("load", pod: "z", attempt: 2), log("load", pod: "y", at: 9)])
        #expect(one.pods.map(\.metadata.name) == ["y", "z"])
    }

    @Test func itsLinesAreThoseThatWerePrinted() {
        let log = log("load", pod: "x")
        #expect(log.lines(nil) == ["a", "", "b"] && log.lines(1) == ["b"] && log.lines(9).count == 3)
    }
}
