import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct InlinePipelineTests {
    private static let selector: LabelSelector = {
        do {
            return try LabelSelector("team=finance")
        } catch {
            preconditionFailure("\(error)")
        }
    }()
    static let refusing: [InlinePipelines] = [.forbidden, .unlabelled(selector)]

    private func plan(
        _ request: ReportRequest, _ inlinePipelines: InlinePipelines, pipeline: ReportPipeline? = nil,
        at seconds: Int64 = 0
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request, pipeline: pipeline, inlinePipelines: inlinePipelines),
            now: .start.after(seconds))
    }

    // MARK: The option

    @Test(arguments: ["Allowed", "Forbidden", "team=finance", "tier in (core,trusted),!blocked"])
    func optionReadsAsItIsWritten(text: String) throws {
        #expect(try InlinePipelineRule(text).description == text)
    }

    @Test(arguments: [
        ("", "it is empty"), ("  ", "it is empty"), ("forbidden", "the word begins with a capital"),
        ("ALLOWED", "the word begins with a capital"), ("!!!==", "a label's key is missing before \"!\""),
    ])
    func optionSaysWhatIsAllowed(text: String, why: String) {
        let expected = InlinePipelineRule.Fault.self
        let fault = #expect(throws: expected) { try InlinePipelineRule(text) }
        let form = "is not Allowed, Forbidden or a label selector of namespaces, such as team=finance or "
        #expect(fault?.description == "\"\(text)\" \(form)tier in (core,trusted): \(why)")
    }

    // MARK: Acceptance

    @Test(arguments: refusing) func forbiddenPipelineEndsItsRequestBeforeAnythingRuns(inline: InlinePipelines) {
        let plan = plan(.fixture(), inline)
        #expect(plan.actions == [])
        #expect(plan.status?.phase == .failed)
        #expect(plan.status?.reason == Reason.inlinePipelineForbidden)
        #expect(plan.status?.accepted == nil && plan.status?.startedAt == nil)
        #expect(plan.status?.condition(.accepted)?.status == "False")
        #expect(plan.status?.condition(.failed)?.reason == Reason.inlinePipelineForbidden)
        let ended = ReportRequest.fixture().applying(plan)
        #expect(self.plan(ended, inline, at: 100).isEmpty)
        // Who is allowed later asks again.
        #expect(self.plan(ended, .allowed, at: 100).isEmpty)
        #expect(self.plan(ended.attempt(2), .allowed, at: 100).status?.phase == .running)
    }

    @Test func messageSaysWhoForbidsItAndWhatHelps() {
        #expect(
            plan(.fixture(), .forbidden).status?.message
                == "spec.pipeline: this operator runs no inline pipelines (--inline-pipelines Forbidden); make a "
                + "ReportPipeline of it, and name that in spec.pipelineRef; nothing was run")
        #expect(
            plan(.fixture(), .unlabelled(Self.selector)).status?.message
                == "spec.pipeline: namespace finance may bring no inline pipelines: this operator runs them where the "
                + "namespace's labels match \"team=finance\" (--inline-pipelines); make a ReportPipeline of it, and "
                + "name that in spec.pipelineRef, or ask an administrator for the label; nothing was run")
    }

    @Test(arguments: refusing + [.undecided(selector)]) func namedPipelineIsRunAsEver(inline: InlinePipelines) {
        let request = ReportRequest.fixture().referring(to: "tb")
        #expect(plan(request, inline, pipeline: .fixture("tb")).status?.phase == .running)
    }

    @Test func faultsOfTheSpecComeFirst() {
        let both = ReportRequest.fixture().spec { $0.pipelineRef = .init(name: "x") }
        #expect(plan(both, .forbidden).status?.reason == Reason.invalidSpec)
    }

    @Test func undecidedWaitsAndSaysSo() {
        let request = ReportRequest.fixture()
        let first = plan(request, .undecided(Self.selector))
        #expect(first.actions == [] && first.wakeAt == nil)
        #expect(first.status?.phase == .queued && first.status?.reason == Reason.inlinePipelineUndecided)
        #expect(first.status?.message?.contains("may not list and watch namespaces") == true)
        let waiting = request.applying(first)
        #expect(plan(waiting, .undecided(Self.selector), at: 5).isEmpty)
        #expect(plan(waiting, .allowed, at: 5).status?.phase == .running)
        #expect(plan(waiting, .forbidden, at: 5).status?.phase == .failed)
        #expect(plan(waiting.cancelling(), .undecided(Self.selector), at: 5).status?.phase == .cancelled)
    }

    /// What was agreed stays agreed.
    @Test(arguments: refusing + [.undecided(selector)])
    func whatWasAcceptedGoesOn(inline: InlinePipelines) {
        let queued = ReportRequest.fixture().queued()
        #expect(plan(queued, inline).status?.phase == .running)
        let started = ReportRequest.fixture().started()
        #expect(plan(started, inline).kinds == ["createJob"])
    }

    // MARK: Retries

    private static let failed = RetryTests.failed

    @Test(arguments: refusing) func retryIsCheckedAgain(inline: InlinePipelines) {
        let first = plan(Self.failed.attempt(2), inline, at: 100)
        #expect(first.actions == [])
        #expect(first.status?.phase == .queued && first.status?.attempt == 2)
        #expect(first.status?.reason == Reason.inlinePipelineForbidden)
        let request = Self.failed.attempt(2).applying(first)
        #expect(plan(request, .allowed, at: 100).status?.phase == .running)
        let plan = plan(request, inline, at: 100)
        #expect(plan.actions == [])
        #expect(plan.status?.phase == .failed && plan.status?.attempt == 2)
        #expect(plan.status?.reason == Reason.inlinePipelineForbidden)
        #expect(plan.status?.stages?.map(\.phase) == [.succeeded, .skipped, .skipped])
        #expect(plan.status?.previousAttempts?.map(\.reason) == [Reason.stageFailed])
        let ended = request.applying(plan)
        #expect(self.plan(ended, inline, at: 101).isEmpty)
        let third = self.plan(ended.attempt(3), .allowed, at: 200)
        #expect(third.status?.phase == .running && third.status?.attempt == 3)
        #expect(third.status?.condition(.accepted)?.status == "True")
        #expect(third.status?.stages?.map(\.phase) == [.succeeded, .pending, .pending])
    }

    /// A spec can be edited where the API server doesn't know the definition's rules; what was pinned would run.
    @Test func retryIsJudgedByWhatWasPinned() {
        let edited = Self.failed.attempt(2).referring(to: "tb")
        #expect(plan(edited, .forbidden, at: 100).status?.reason == Reason.inlinePipelineForbidden)
        #expect(plan(edited, .allowed, at: 100).status?.phase == .running)
    }

    /// Where the API server doesn't know the definition's rules, a spec can be edited from a name to a pipeline of its own
    /// before it was ever accepted.
    @Test(arguments: refusing) func whatIsAcceptedByALaterAttemptIsKnownForWhatItIs(inline: InlinePipelines) {
        let named = ReportRequest.fixture().referring(to: "nowhere")
        let waiting = named.applying(plan(named, .allowed))
        let missing = waiting.applying(plan(waiting, .allowed, at: 100))
        #expect(missing.status?.reason == Reason.pipelineNotFound && missing.status?.pipelineName == "nowhere")
        var edited = ReportRequest.fixture().attempt(2)
        edited.status = missing.status
        #expect(plan(edited, inline, at: 200).status?.pipelineName == ReportRequestStatus.inlinePipelineName)
        let accepted = edited.applying(plan(edited, .allowed, at: 200))
        #expect(accepted.status?.phase == .running)
        #expect(accepted.status?.pipelineName == ReportRequestStatus.inlinePipelineName)
        let cancelled = accepted.cancelling().applying(plan(accepted.cancelling(), .allowed, at: 201))
        let third = cancelled.cancelling(false).attempt(3)
        #expect(plan(third, inline, at: 300).status?.reason == Reason.inlinePipelineForbidden)
    }

    @Test func undecidedRetryStaysAsItIs() {
        let request = Self.failed.attempt(2)
        let first = plan(request, .undecided(Self.selector), at: 100)
        #expect(first.actions == [])
        #expect(first.status?.phase == .failed && first.status?.attempt == 1)
        #expect(first.status?.condition(.accepted)?.reason == Reason.inlinePipelineUndecided)
        let waiting = request.applying(first)
        #expect(plan(waiting, .undecided(Self.selector), at: 101).isEmpty)
        let second = plan(waiting, .allowed, at: 102)
        #expect(second.status?.phase == .running && second.status?.attempt == 2)
        #expect(second.status?.condition(.accepted)?.status == "True")
    }
}
