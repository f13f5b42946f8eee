import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportCTL

struct ProgressViewTests {
    private let request = ReportRequest.fixture(name: "tb").running("transform", succeeded: ["extract"])

    private func lines(
        _ request: ReportRequest, after seconds: Int64, expected: [String: Int64] = [:], unicode: Bool = false
    ) -> [String] {
        var terminal = Terminal()
        terminal.width = 68
        terminal.isUnicode = unicode
        return ProgressView(expected: expected, terminal: terminal).lines(request, now: .start.after(seconds))
            .map { $0.rendered(color: false) }
    }

    @Test func aBarForEachStageShowsHowFarItIs() {
        let lines = lines(request, after: 20, expected: ["transform": 40, "load": 90])
        #expect(
            lines == [
                "tb   (inline)   Running   20s", "  + extract    ##########  0s",
                "  > transform  #####.....  20s of about 40s", "    load       ..........  usually 1m30s",
                "transform is running (2 of 3)",
            ])
    }

    @Test func whatTakesLongerThanUsualIsNeverFull() {
        let bar = lines(request, after: 4000, expected: ["transform": 40])[2]
        #expect(bar.contains("#########."))
    }

    @Test func withoutExperienceTheBarWanders() {
        let bars = (0..<13).map { lines(request, after: $0)[2].dropFirst(15).prefix(10) }
        #expect(bars[0] == "####......" && bars[3] == "...####..." && bars[6] == "......####" && bars[12] == bars[0])
        #expect(bars.allSatisfy { $0.count(where: { $0 == "#" }) == 4 })
    }

    @Test func afterTheEndNothingMoves() {
        let failed = request.failed("transform").status {
            $0.stages?[1].completedAt = .start.after(7)
            $0.stages?[1].exitCode = 65
            $0.stages?[2].phase = .skipped
        }.ended(.failed, at: .start.after(7))
        #expect(lines(failed, after: 20) == lines(failed, after: 2000))
        #expect(lines(failed, after: 20)[2].hasSuffix("7s  ExitCode 65"))
        #expect(lines(failed, after: 20)[3].hasSuffix("Skipped"))
        #expect(lines(failed, after: 20, unicode: true)[2].hasPrefix("  ✘ transform"))
    }

    @Test(arguments: [1, 60, 200, 253]) func aLongNameLeavesThePhaseOnTheScreen(length: Int) {
        let name = String(repeating: "n", count: length)
        let request = ReportRequest.fixture(name: name).running("transform", succeeded: ["extract"])
            .status { $0.pipelineName = String(repeating: "p", count: length) }
        let head = lines(request, after: 20)[0]
        #expect(head.count <= 67 && head.hasSuffix("   Running   20s"), "\(head)")
        #expect(head.hasPrefix(length > 60 ? "nnnnnnnn" : "n"))
        var terminal = Terminal()
        terminal.width = 68
        var view = AllRunsView(terminal: terminal, showsNamespace: false)
        _ = view.see([request], now: .start)
        let frame = view.frame(now: .start).map { $0.rendered(color: false) }
        #expect(frame.allSatisfy { $0.count <= 67 } && frame[1].contains("   Running   "), "\(frame)")
    }

    @Test func aRequestThatNobodyHasSeenSaysSo() {
        #expect(lines(.fixture(), after: 0)[0].contains("not seen by the operator yet"))
    }

    @Test func experienceIsTheMedianOfTheRunsThatSucceeded() {
        func run(_ seconds: Int64, _ phase: ReportRequestStatus.Phase = .succeeded, pipeline: String = "tb")
            -> ReportRequest
        {
            ReportRequest.fixture().status { status in
                status.phase = phase
                status.pipelineName = pipeline
                var stage = StageStatus(name: "extract")
                stage.startedAt = .start
                stage.completedAt = .start.after(seconds)
                status.stages = [stage, StageStatus(name: "load")]
            }
        }
        let runs = [run(10), run(30), run(20), run(999, .failed), run(999, pipeline: "other")]
        #expect(ProgressView.expectations(runs, pipeline: "tb") == ["extract": 20])
        #expect(ProgressView.expectations(runs, pipeline: nil) == [:])
    }
}

struct TimelineTests {
    private func lines(_ status: ReportRequestStatus?, after seconds: Int64) -> [String] {
        var terminal = Terminal()
        terminal.width = 80
        return Timeline(terminal: terminal, moments: .utc).lines(status ?? .init(), now: .start.after(seconds))
            .map { $0.rendered(color: false) }
    }

    @Test func stagesStandOnOneAxis() {
        let request = ReportRequest.fixture(.diamond).status { status in
            func stage(_ name: String, _ phase: StageStatus.Phase, _ from: Int64?, _ to: Int64?) -> StageStatus {
                var stage = StageStatus(name: name, phase: phase)
                stage.startedAt = from.map { .start.after($0) }
                stage.completedAt = to.map { .start.after($0) }
                return stage
            }
            status.stages = [
                stage("extract", .succeeded, 0, 10), stage("check-a", .succeeded, 10, 15),
                stage("check-b", .running, 10, nil), stage("publish", .pending, nil, nil),
            ]
        }
        #expect(
            lines(request.status, after: 20) == [
                "STAGE     PHASE       STARTED    TOOK",
                "extract   Succeeded   08:00:00   10s    ##########",
                "check-a   Succeeded   08:00:10   5s               #####",
                "check-b   Running     08:00:10   10s              ##########",
                "publish   Pending",
            ])
    }

    @Test func stagesThatTakeNoTimeAreSeen() {
        let request = ReportRequest.fixture().running(succeeded: ["extract", "transform", "load"])
        #expect(lines(request.status, after: 50).dropFirst().allSatisfy { $0.contains("#") })
        #expect(lines(nil, after: 0).isEmpty)
    }
}
