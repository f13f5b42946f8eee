import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import ReportRecords
import TestSupport
import Testing

@testable import ReportCTL

struct DescriptionTests {
    @Test func aFailedRunSaysWhyWithItsLastLinesAsTheyWere() {
        let request = ReportRequest.fixture().parameters(["period": .string("2026-10")])
            .running("transform", succeeded: ["extract"]).failed("transform").ended(.failed, at: .start.after(60))
            .status {
                $0.message = "transform failed: exit code 65"
                var stage = StageStatus(name: "transform", phase: .failed, attempt: 2)
                stage.exitCode = 65
                stage.message = "exit code 65: one\n  by one\ntwo"
                $0.stages = [stage]
                $0.previousAttempts = [
                    .init(
                        attempt: 1, phase: .cancelled, reason: "CancelledByUser", startedAt: .start, completedAt: .start
                    )
                ]
                $0.attempt = 2
            }
        let text = Description(terminal: Terminal(), moments: .utc, isWide: false)
            .lines(request, now: .start.after(90)).map { $0.rendered(color: false) }
        #expect(text.contains("Phase:       Failed  (StageFailed)"))
        #expect(text.contains("Parameters:  period=2026-10"))
        #expect(text.contains("Attempt:     2"))
        #expect(text.contains("Ended:       2027-01-15 08:01:00  (30s ago)"))
        let message = text.firstIndex(of: "transform failed: exit code 65: one … two")
        let words = ["", "transform: exit code 65: one", "  by one", "two"]
        #expect(message.map { Array(text[($0 + 1)...($0 + 4)]) } == words)
        #expect(text.contains("1         Cancelled   CancelledByUser   2027-01-15 08:00:00   0s"))
    }

    /// What `submit --wait` ends with.
    @Test func theEndOfAFailedRunHasTheFirstAndTheLastLinesOfItsStages() {
        var stage = StageStatus(name: "load", phase: .failed, attempt: 1)
        stage.exitCode = 1
        stage.message = "exit code 1: begin\n" + (1...9).map { "line \($0)\n" }.joined() + "no such period"
        var status = ReportRequestStatus()
        status.phase = .failed
        status.duration = "7s"
        status.message = "load failed: exit code 1"
        status.stages = [stage]
        #expect(
            RunEnd.sentence("tb", status).split(separator: "\n").map { $0.trimmingPrefix("  ") } == [
                "tb Failed after 7s: load failed: exit code 1: begin … no such period", "load: exit code 1: begin", "…",
                "line 7", "line 8", "line 9", "no such period",
            ])
    }

    /// As the operator writes it once the pod's events have said so.
    @Test func aRunWhoseStageDoesNotStartNamesWhatIsMissingAndWhy() {
        let running = ReportRequest.fixture(.chain("extract")).running("extract")
        let pod = Pod.fixture(of: running, stage: "extract").with {
            $0.status?.conditions = [
                Condition(
                    type: "PodScheduled", status: "True", reason: "", message: "", lastTransitionTime: nil,
                    observedGeneration: nil)
            ]
        }
        let cause = "MountVolume.SetUp failed for volume \"erp\" : secret \"erp-login\" not found"
        let warning = ObservedRun.Obstacle.Warning(reason: "FailedMount", message: cause)
        let observed = ObservedRun(
            request: running, jobs: [Job.fixture(of: running, stage: "extract")], pods: [pod],
            obstacles: [pod.metadata.uid: .init(warning: warning, readAt: .start.after(10))])
        let stuck = running.applying(RunPlanner.plan(observed, now: .start.after(11)))
        let text = Description(terminal: Terminal(), moments: .utc, isWide: false)
            .lines(stuck, now: .start.after(90)).map { $0.rendered(color: false) }
        #expect(
            text.contains { $0.hasPrefix("Phase:") && $0.hasSuffix("Running  (StageNotStarting)") }, "\(text)")
        #expect(text.contains("extract can't start: FailedMount: \(cause)"), "\(text)")
    }

    @Test(arguments: [(false, "Deleting"), (true, "Deleted")])
    func aRecordTellsOfADeletionThatIsOver(isRecord: Bool, title: String) {
        let request = ReportRequest.fixture().ended(.succeeded).deleting(at: .start.after(10))
        let text = Description(terminal: Terminal(), moments: .utc, isWide: false, isRecord: isRecord)
            .lines(request, now: .start.after(90)).map { $0.rendered(color: false) }
        #expect(text.filter { $0.hasPrefix("Delet") }.map { $0.prefix { $0 != ":" } } == [title[...]])
        #expect(text.contains { $0.hasSuffix("2027-01-15 08:00:10  (80s ago)") })
    }

    @Test func whatIsNotRecordedShows() {
        let request = ReportRequest.fixture().started().status {
            $0.conditions = [
                Condition(
                    type: "Recorded", status: "False", reason: "StoreUnavailable", message: "MongoDB can't be reached",
                    lastTransitionTime: nil, observedGeneration: nil)
            ]
        }
        let text = Description(terminal: Terminal(), moments: .utc, isWide: true).lines(request, now: .start)
            .map { $0.rendered(color: false) }
        #expect(text.contains("Recorded:   False: StoreUnavailable MongoDB can't be reached"))
        #expect(text.contains { $0.hasPrefix("CONDITION") })
    }

    @Test func whatWasSentWhereIsShownAndAsOfWhen() {
        let sent = ReportDelivery.fixture("first").with(.delivered, [("dana@example.com", .sent)])
        let text = Description(
            terminal: Terminal(), moments: .utc, isWide: false, asOf: "2026-10-31 06:02 America/Chicago",
            deliveries: [KnownDelivery(sent)]
        ).lines(.fixture().ended(.succeeded), now: .start.after(90)).map { $0.rendered(color: false) }
        #expect(text.contains("As of:      2026-10-31 06:02 America/Chicago"), "\(text)")
        let title = text.firstIndex(of: "Deliveries:")
        #expect(title.map { text[$0 + 2] } == "first   mail      Delivered   1/1    90s", "\(text)")
    }

    /// In the report's zone, and from the first stage's start where the stage doesn't say.
    @Test func asOfIsTheSourcesTimeInTheReportsZone() {
        var pipeline = PipelineSpec.chain("extract")
        pipeline.report = LayoutSpec(timeZone: "Asia/Tokyo")
        let request = ReportRequest.fixture(pipeline).started().ended(.succeeded)
        let record = ReportRecord(request)
        var result = ReportResult(
            uid: record.uid, attempt: 1, buckets: 0, rows: 0, columns: [], publishedAt: Timestamp.start.date)
        #expect(AsOf.text(record, result) == "2027-01-15 17:00 Asia/Tokyo")
        result.asOf = Timestamp.start.after(-3600).date
        #expect(AsOf.text(record, result) == "2027-01-15 16:00 Asia/Tokyo")
        // The request itself says so, once its end is recorded.
        let status = request.status { $0.asOf = .start.after(-3600) }.status
        #expect(status.flatMap { AsOf.text($0) } == "2027-01-15 16:00 Asia/Tokyo")
        #expect(request.status.flatMap { AsOf.text($0) } == nil)
    }

    private func lines(_ parameters: JSONObject, width: Int = 100) -> [String] {
        var terminal = Terminal()
        terminal.width = width
        return Description(terminal: terminal, moments: .utc, isWide: false)
            .lines(.fixture().parameters(parameters), now: .start).map { $0.rendered(color: false) }
    }

    @Test func fewShortParametersStandBesideEachOther() {
        let lines = lines(["period": .string("2026-10"), "top": .integer(5)])
        #expect(lines.contains("Parameters:  period=2026-10  top=5"), "\(lines)")
    }

    @Test(arguments: [("a b", 100), ("a\nb", 100), ("a-value-of-thirty-characters-xx", 40)])
    func whereTheyCanNotBeToldApartThereIsOneALine(value: String, width: Int) throws {
        let lines = lines(["note": .string(value), "period": .string("2026-10")], width: width)
        let first = try #require(lines.firstIndex { $0.hasPrefix("Parameters:") })
        #expect(lines[first] == "Parameters:  note   = \(value.escapingControls())")
        #expect(lines[first + 1] == "             period = 2026-10")
    }

    @Test func manyParametersHaveOneLineEach() {
        let lines = lines(JSONObject((1...5).map { ("p\($0)", .integer(Int64($0))) }))
        #expect(lines.contains("             p5 = 5"), "\(lines)")
    }

    @Test func nothingThatSteersATerminalIsShown() {
        let evil = "a\u{1B}[2J\tb\nc"
        let request = ReportRequest.fixture().parameters(["note": .string(evil)])
            .spec { $0.requester = .init(name: evil) }
            .status {
                $0.phase = .failed
                $0.message = evil
                $0.reason = evil
            }
        let lines = Description(terminal: Terminal(), moments: .utc, isWide: true).lines(request, now: .start)
            .map { $0.rendered(color: false) }
        #expect(lines.contains(#"Parameters:  note = a\u{1b}[2J\tb\nc"#), "\(lines)")
        #expect(lines.contains(#"Requester:   a\u{1b}[2J\tb\nc"#), "\(lines)")
        // A message keeps its lines.
        #expect(lines.contains(#"a\u{1b}[2J\tb"#) && lines.contains("c"), "\(lines)")
        #expect(!lines.joined().contains { "\u{1B}\t\n".contains($0) })
    }
}
