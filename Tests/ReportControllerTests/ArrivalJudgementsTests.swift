import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportController

struct ArrivalJudgementsTests {
    let judgements = ArrivalJudgements()
    let sound = ReportPipeline.fixture("tb", .chain("a")).version("1")
    let faulty = ReportPipeline.fixture("tb", PipelineSpec(stages: [])).version("2")

    func canRun(
        _ request: ReportRequest, _ pipeline: ReportPipeline?, zone: String? = nil, isThere: Bool = true
    ) -> Bool {
        judgements.canRun(request, by: pipeline, zoneFault: zone) { _ in isThere }
    }

    /// The second answer is the kept one, and still the right one when something has changed.
    @Test func anAnswerHoldsUntilSomethingChanges() {
        let request = ReportRequest.fixture().referring(to: "tb")
        for _ in 0..<2 { #expect(canRun(request, sound)) }
        #expect(judgements.count == 1)
        for _ in 0..<2 { #expect(!canRun(request, faulty)) }
        for _ in 0..<2 { #expect(!canRun(request, nil)) }
        for _ in 0..<2 { #expect(!canRun(request, sound, zone: "the zone \"Mars\" is unknown")) }
        var edited = request.attempt(0)
        edited.metadata.resourceVersion = "99"
        for _ in 0..<2 { #expect(!canRun(edited, sound)) }
        #expect(canRun(request, sound))
    }

    @Test func whatHasGoneIsNotKept() {
        let request = ReportRequest.fixture().referring(to: "tb")
        #expect(canRun(request, sound, isThere: false))
        #expect(judgements.count == 0)
        #expect(canRun(request, sound))
        judgements.forget(request.key)
        #expect(judgements.count == 0)
    }
}

extension ReportPipeline {
    fileprivate func version(_ version: String) -> ReportPipeline {
        var pipeline = self
        pipeline.metadata.resourceVersion = version
        return pipeline
    }
}
