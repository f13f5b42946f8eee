import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct AcceptanceTests {
    static let month = PipelineSpec.chain("extract").parameters(.init(name: "period", type: .month, required: true))

    static let refused: [(ReportRequest, ReportPipeline?, [String])] = [
        (
            .fixture().spec { $0.pipeline = nil }, nil,
            ["spec: exactly one of pipelineRef and pipeline is needed; neither is given"]
        ),
        (
            .fixture().spec { $0.pipelineRef = .init(name: "x") }, nil,
            ["spec: exactly one of pipelineRef and pipeline is needed; both are given"]
        ),
        (
            .fixture().with { $0.spec = .fault("spec.priority: expected an integer") }, nil,
            ["spec.priority: expected an integer"]
        ),
        (
            .fixture().referring(to: "tb"),
            ReportPipeline.fixture("tb").with { $0.spec = .fault("spec.stages: is required") },
            ["ReportPipeline tb: spec.stages: is required"]
        ),
        (
            .fixture().attempt(0), nil, ["spec.attempt: 0 is out of bounds; the first attempt is 1"]
        ),
        (
            .fixture().spec { $0.output = .init(formats: ["pdf", "pdff"]) }, nil,
            [#"spec.output.formats[1]: "pdff" is not one of pdf, xlsx, csv, html, json"#]
        ),
        (
            .fixture(month.workspace("x")).attempt(-1).parameters(["year": .integer(2026)]), nil,
            [
                "spec.pipeline.workspace.size: \"x\" is not a quantity such as 500Mi or 1Gi",
                "spec.attempt: -1 is out of bounds; the first attempt is 1",
                "spec.parameters.period: is required and must be a month such as \"2026-10\" (quote it in YAML)",
                "spec.parameters.year: is unknown; the pipeline takes period",
            ]
        ),
    ]

    @Test(arguments: refused) func refusedRequestEndsWithEveryFaultAndStartsNothing(
        request: ReportRequest, pipeline: ReportPipeline?, faults: [String]
    ) {
        let plan = RunPlanner.plan(ObservedRun(request: request, pipeline: pipeline), now: .start)
        #expect(plan.actions == [])
        #expect(plan.status?.phase == .failed)
        #expect(plan.status?.reason == Reason.invalidSpec)
        #expect(plan.status?.message == faults.joined(separator: "; "))
        #expect(plan.status?.condition(.accepted)?.status == "False")
        #expect(plan.status?.condition(.accepted)?.reason == Reason.invalidSpec)
        #expect(plan.status?.condition(.failed)?.isTrue == true)
        #expect(plan.status?.completedAt == .start)
        #expect(RunPlanner.plan(ObservedRun(request: request.applying(plan)), now: .start.after(999)).isEmpty)
    }

    @Test func aFaultyLayoutIsRefusedWithEveryFaultAndItsZone() {
        let faulty = Self.month.with { $0.report = LayoutSpec(title: "{plant}", locale: "de", timeZone: "Europe/Bonn") }
        let request = ReportRequest.fixture(faulty).parameters(["period": .string("2026-10")])
        let plan = RunPlanner.plan(
            ObservedRun(request: request, zoneFault: #"the zone "Europe/Bonn" is unknown"#), now: .start)
        #expect(plan.status?.reason == Reason.invalidSpec && plan.actions == [])
        #expect(
            plan.status?.message == """
                spec.pipeline.report.title: "{plant}" is unknown; allowed are {report}, {namespace}, {pipeline}, \
                {period}; write {{ for a brace; spec.pipeline.report.locale: "de" is unknown; allowed are en-US, \
                en-GB, de-DE, fr-FR, es-ES, pt-BR, ja-JP, zh-CN; spec.pipeline.report.timeZone: the zone \
                "Europe/Bonn" is unknown
                """)
    }

    @Test func theLayoutIsPinned() {
        let laidOut = Self.month.with { $0.report = LayoutSpec(title: "TB {period}") }
        let request = ReportRequest.fixture(laidOut).parameters(["period": .string("2026-10")])
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(plan.status?.accepted?.pipeline.report?.title == "TB {period}")
    }

    @Test func messageOfManyFaultsStaysShort() {
        let pipeline = PipelineSpec.chain((0..<60).map { "S\($0)" })
        let plan = RunPlanner.plan(ObservedRun(request: .fixture(pipeline)), now: .start)
        #expect(plan.status?.message?.hasSuffix("; and 40 more") == true)
    }

    @Test func acceptedRequestPinsItsPipelineAndStartsAtOnceWhereNothingIsBeforeIt() {
        let request = ReportRequest.fixture().referring(to: "tb").parameters(["period": .string("2026-10")])
        let plan = RunPlanner.plan(
            ObservedRun(request: request, pipeline: .fixture("tb", Self.month)), now: .start)
        #expect(plan.actions == [])
        #expect(plan.status?.phase == .running)
        #expect(
            plan.status?.accepted
                == AcceptedRun(name: "tb", pipeline: Self.month, parameters: ["period": "2026-10"]))
        #expect(plan.status?.pipelineName == "tb")
        #expect(plan.status?.observedGeneration == 1)
        #expect(plan.status?.attempt == 1)
        #expect(plan.status?.condition(.accepted)?.isTrue == true)
        #expect(plan.status?.stages == [StageStatus(name: "extract", attempt: 1)])
        let started = request.applying(plan)
        for later in [nil, ReportPipeline.fixture("tb", .chain("other"))] {
            let next = RunPlanner.plan(ObservedRun(request: started, pipeline: later), now: .start)
            #expect(next.starts(of: started) == ["extract"])
        }
    }

    @Test func pipelineIsWaitedForOneMinute() {
        let request = ReportRequest.fixture().referring(to: "tb")
        let first = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(first.status?.phase == .queued)
        #expect(first.status?.reason == Reason.pipelineNotFound)
        #expect(first.status?.condition(.accepted)?.status == "False")
        #expect(first.wakeAt == .start.after(60))
        let waiting = request.applying(first)
        let still = RunPlanner.plan(ObservedRun(request: waiting), now: .start.after(59))
        #expect(still.isEmpty)
        #expect(still.wakeAt == .start.after(60))
        let late = RunPlanner.plan(ObservedRun(request: waiting), now: .start.after(60))
        #expect(late.status?.phase == .failed)
        #expect(late.status?.reason == Reason.pipelineNotFound)
        let found = RunPlanner.plan(ObservedRun(request: waiting, pipeline: .fixture("tb")), now: .start.after(59))
        #expect(found.status?.phase == .running)
        #expect(found.status?.condition(.accepted)?.lastTransitionTime == .start.after(59))
        #expect(found.status?.condition(.recorded)?.lastTransitionTime == .start)
    }

    @Test func requestThatWasNeverAcceptedIsJudgedAgainByANewAttempt() {
        let lost = ReportRequest.fixture().referring(to: "tb")
        let waiting = lost.applying(RunPlanner.plan(ObservedRun(request: lost), now: .start))
        let failed = waiting.applying(RunPlanner.plan(ObservedRun(request: waiting), now: .start.after(60)))
        let again = failed.attempt(2)
        let missing = RunPlanner.plan(ObservedRun(request: again), now: .start.after(900))
        #expect(missing.status?.phase == .queued)
        #expect(missing.wakeAt == .start.after(960))
        #expect(missing.status?.condition(.failed) == nil)
        let found = RunPlanner.plan(ObservedRun(request: again, pipeline: .fixture("tb")), now: .start.after(900))
        #expect(found.status?.phase == .running)
        #expect(found.status?.attempt == 2)
        #expect(found.status?.stages?.map(\.attempt) == [2, 2, 2])
        #expect(found.status?.previousAttempts?.map(\.reason) == [Reason.pipelineNotFound])
    }

    @Test func specThatDoesNotDecodeKeepsItsFault() throws {
        let manifest = """
            {"metadata": {"name": "x", "namespace": "n", "uid": "u", "annotations": {"reports.ers.dev/accepted-uid": "u"}},
             "spec": {"pipeline": {"stages": [{"name": "a", "image": "i", "timeout": "1 day"}]}}}
            """
        let request = try JSONDecoder().decode(ReportRequest.self, from: Data(manifest.utf8))
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(
            plan.status?.message
                == "spec.pipeline.stages[0].timeout: \"1 day\" is not a duration such as 90s, 15m or 4h (at most 720h)")
    }
}

extension ReportPipeline {
    fileprivate func with(_ edit: (inout ReportPipeline) -> Void) -> ReportPipeline {
        var copy = self
        edit(&copy)
        return copy
    }
}
