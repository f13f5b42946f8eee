import ReportAPI
import TestSupport
import Testing

@testable import ReportClient

struct MissingLogTests {
    private let queued = ReportRequest.fixture(.chain("extract", "load"))

    @Test func whatIsOverAndNeverBeganHasNoLog() {
        let cancelled = queued.ended(.cancelled)
        for stage in [nil, "extract", "load"] {
            #expect(MissingLog(cancelled, stage: stage) == .neverStarted)
            #expect(MissingLog(queued, stage: stage) == .notYet)
        }
    }

    @Test func aStageIsJudgedByItself() {
        let running = queued.running("load", succeeded: ["extract"])
        #expect(MissingLog(running, stage: "extract") == .deleted && MissingLog(running, stage: "load") == .notYet)
        let first = queued.running("extract")
        #expect(MissingLog(first, stage: "load") == .notYet)
        let cancelled = first.ended(.cancelled)
        #expect(MissingLog(cancelled, stage: "extract") == .deleted)
        #expect(MissingLog(cancelled, stage: "load") == .neverStarted)
        #expect(MissingLog(cancelled, stage: nil) == .deleted)
    }

    @Test(arguments: [StageStatus.Phase.skipped, .cancelled])
    func aStageThatIsPassedOverNeverStarts(phase: StageStatus.Phase) {
        let request = queued.running("extract").status { status in
            for index in status.stages?.indices ?? 0..<0 where status.stages?[index].name == "load" {
                status.stages?[index].phase = phase
            }
        }
        #expect(MissingLog(request, stage: "load") == .neverStarted)
    }
}
