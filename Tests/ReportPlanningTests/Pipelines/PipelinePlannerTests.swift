import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What a pipeline's status says.
struct PipelinePlannerTests {
    private func pipeline(_ spec: PipelineSpec, generation: Int64 = 3) -> ReportPipeline {
        var pipeline = ReportPipeline.fixture("trial-balance", spec)
        pipeline.metadata.generation = generation
        return pipeline
    }

    @Test func aPipelineThatCanRunIsReadyAndNothingMoreIsWritten() throws {
        var pipeline = pipeline(.diamond)
        let status = try #require(PipelinePlanner.plan(pipeline, now: .start))
        #expect(status.observedGeneration == 3)
        #expect(
            status.conditions == [
                Condition(
                    type: "Ready", status: "True", reason: "Valid", message: "requests can run it",
                    lastTransitionTime: .start, observedGeneration: 3)
            ])
        pipeline.status = status
        #expect(PipelinePlanner.plan(pipeline, now: .start.after(60)) == nil)
    }

    static let faults: [(PipelineSpec, [String])] = [
        (
            PipelineSpec(stages: [.fixture("a", after: ["b"]), .fixture("b", after: ["a"])]),
            ["spec.stages: a needs b needs a: a stage must not wait for itself"]
        ),
        (
            PipelineSpec(stages: [.fixture("a"), .fixture("b", after: ["extract"])]),
            ["spec.stages[1].dependsOn: there is no stage \"extract\"; there are a, b"]
        ),
        (
            .chain("a").parameters(
                .init(name: "as-of", type: .date), .init(name: "as_of", type: .date)),
            ["spec.parameters[1].name: \"as_of\" and \"as-of\" both become REPORT_PARAM_AS_OF"]
        ),
        (
            .chain("a").parameters(.init(name: "count", type: .integer, default: .string("many"))),
            ["spec.parameters[0].default: \"many\" is not an integer such as 42"]
        ),
        (
            .chain("a").parameters(
                .init(name: "plant", type: .string, default: .string("c"), enum: [.string("a"), .string("b")])),
            ["spec.parameters[0].default: \"c\" is not one of a, b"]
        ),
        (
            .chain("a").stage("a") { $0.retries = 11 }.concurrency(limit: 0),
            [
                "spec.concurrency.limit: 0 is out of bounds; allowed are 1 to 100",
                "spec.stages[0].retries: 11 is out of bounds; allowed are 0 to 10",
            ]
        ),
        (
            .chain("a").with { $0.report = LayoutSpec(title: "T", locale: "xx") },
            ["spec.report.locale: "]
        ),
    ]

    @Test(arguments: faults) func everyFaultIsNamed(spec: PipelineSpec, faults: [String]) throws {
        let ready = try #require(PipelinePlanner.plan(pipeline(spec), now: .start)?.ready)
        #expect(ready.status == "False" && ready.reason == Reason.invalidSpec)
        for fault in faults { #expect(ready.message.contains(fault), "\(ready.message)") }
        #expect(ready.message.hasSuffix("; requests for it fail until this is fixed"))
    }

    @Test func whatCannotBeReadHidesTheRestAndSaysSo() throws {
        var unreadable = pipeline(.chain("a"))
        unreadable.spec = .fault("spec.stages[0].timeout: expected a string")
        let ready = try #require(PipelinePlanner.plan(unreadable, now: .start)?.ready)
        #expect(
            ready.message == "spec.stages[0].timeout: expected a string; requests for it fail until this is fixed, "
                + "and what else is wrong shows then")
    }

    /// What its status says and what a request for it is refused for are the same words.
    @Test(arguments: faults) func aRequestIsRefusedForTheSame(spec: PipelineSpec, faults: [String]) throws {
        let pipeline = pipeline(spec)
        let request = ReportRequest.fixture().with {
            $0.spec = .value(ReportRequestSpec(pipelineRef: .init(name: "trial-balance")))
        }
        let found = PipelinePlanner.faults(in: pipeline)
        guard case .refused(let said) = Acceptance.judge(request, pipeline: pipeline) else {
            Issue.record("it is accepted")
            return
        }
        // A default that can't be is told of the request's own parameters, too.
        #expect(said.prefix(found.count) == found.map { "ReportPipeline trial-balance: \($0)" }[...])
        #expect(said.dropFirst(found.count).allSatisfy { $0.hasPrefix("spec.parameters.") }, "\(said)")
    }

    @Test func theZoneOfItsLayoutIsNamed() throws {
        let spec = PipelineSpec.chain("a").with { $0.report = LayoutSpec(title: "T", timeZone: "Europe/Bonn") }
        let status = PipelinePlanner.plan(pipeline(spec), zoneFault: "the zone is unknown", now: .start)
        #expect(status?.ready?.message.hasPrefix("spec.report.timeZone: the zone is unknown") == true)
    }

    /// It changed from False to True, and back later; between two faults the time stays.
    @Test func theTimeOfTheLastChangeStaysWhileNothingTurns() throws {
        var pipeline = pipeline(.chain("a").concurrency(limit: 0))
        pipeline.status = PipelinePlanner.plan(pipeline, now: .start)
        pipeline.spec = .value(.chain("a").concurrency(limit: 200))
        pipeline.metadata.generation = 4
        let other = try #require(PipelinePlanner.plan(pipeline, now: .start.after(60)))
        #expect(other.ready?.lastTransitionTime == .start && other.observedGeneration == 4)
        #expect(other.ready?.message.contains("200 is out of bounds") == true)
        pipeline.status = other
        pipeline.spec = .value(.chain("a"))
        let mended = try #require(PipelinePlanner.plan(pipeline, now: .start.after(120)))
        #expect(mended.ready?.isTrue == true && mended.ready?.lastTransitionTime == .start.after(120))
    }

    @Test func manyFaultsAreCutToAMessage() throws {
        let stages = (0..<60).map { StageSpec(name: "S\($0)", image: "") }
        let ready = try #require(PipelinePlanner.plan(pipeline(PipelineSpec(stages: stages)), now: .start)?.ready)
        #expect(ready.message.contains("; and 100 more"), "\(ready.message.suffix(200))")
        #expect(ready.message.utf8.count < 8400)
    }

    @Test func nothingIsWrittenOfOneThatGoes() {
        var pipeline = pipeline(.chain("a"))
        pipeline.metadata.deletionTimestamp = .start
        #expect(PipelinePlanner.plan(pipeline, now: .start) == nil)
    }
}
