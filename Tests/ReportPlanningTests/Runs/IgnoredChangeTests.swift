import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// A change without effect is reported, in the status and as an event.
struct IgnoredChangeTests {
    private static let pipeline = PipelineSpec.chain("a").parameters(
        .init(name: "period", type: .month, required: true), .init(name: "size", type: .string, default: "small"))

    /// Accepted with October, and since then changed by `edit`.
    private func queued(_ edit: (inout ReportRequestSpec) -> Void) -> ReportRequest {
        var request = ReportRequest.fixture().with {
            $0.spec = .value(
                ReportRequestSpec(pipelineRef: .init(name: "trial-balance"), parameters: ["period": "2026-10"]))
            $0.metadata.generation = 1
        }
        let accepted = RunPlanner.plan(
            ObservedRun(
                request: request, pipeline: .fixture("trial-balance", Self.pipeline),
                queue: .init(holders: 1, waitingAhead: 0)), now: .start)
        request.status = accepted.status
        guard var spec = request.spec.value else { return request }
        edit(&spec)
        request.spec = .value(spec)
        request.metadata.generation = 2
        return request
    }

    private func plan(_ request: ReportRequest, at seconds: Int64 = 60) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request, queue: .init(holders: 1, waitingAhead: 0)), now: .start.after(seconds))
    }

    @Test func parametersThatChangeWhileItWaitsAreSaidToBeIgnored() {
        let request = queued { $0.parameters = ["period": "2026-11"] }
        #expect(request.status?.phase == .queued && request.status?.accepted?.parameters["period"] == "2026-10")
        let told = plan(request)
        #expect(
            told.status?.message?.hasSuffix(
                "; ignored: spec.parameters was changed after the request had been accepted, and the run keeps "
                    + "period=2026-10, size=small; make a new request") == true, "\(told.status?.message ?? "")")
        let stored = request.applying(told)
        #expect(plan(stored, at: 61).isEmpty, "said once")
        let event = IgnoredEvent.manifest(of: stored, component: "c", at: .start)
        #expect(event?["reason"] == "Ignored" && event?["type"] == "Warning")
        #expect(event?["message"]?.string?.hasPrefix("ignored: spec.parameters was changed") == true)
        #expect(EndEvent.manifest(of: stored, component: "c") == nil)
    }

    @Test func whatIsTakenBackIsSaidNoMore() {
        let request = queued { $0.parameters = ["period": "2026-11"] }
        var back = request.applying(plan(request))
        back.spec = queued { _ in }.spec
        back.metadata.generation = 3
        let told = plan(back)
        #expect(told.status?.message?.contains("ignored") == false)
        #expect(IgnoredEvent.manifest(of: back.applying(told), component: "c", at: .start) == nil)
    }

    /// A default that is written out, a priority: nothing that anybody could miss.
    @Test func whatMeansTheSameOrCountsIsNotSaid() {
        let same = queued {
            $0.parameters = ["period": "2026-10", "size": "small"]
            $0.priority = 5
        }
        #expect(plan(same).status?.message?.contains("ignored") != true)
    }

    @Test func anotherPipelineIsSaidToBeIgnored() {
        let told = plan(queued { $0.pipelineRef = .init(name: "other") })
        #expect(told.status?.message?.contains("ignored: spec.pipelineRef was changed") == true)
        #expect(told.status?.message?.contains("the run keeps trial-balance") == true)
    }

    @Test func anotherAttemptOfARunThatSucceededIsSaidToBeIgnored() {
        var request = ReportRequest.fixture(.chain("a")).running("a")
        let ended = RunPlanner.plan(
            ObservedRun(request: request, jobs: [Job.fixture(of: request, stage: "a").complete(at: .start.after(5))]),
            now: .start.after(6))
        request = request.applying(ended)
        #expect(request.status?.phase == .succeeded)
        request = request.with {
            var spec = $0.spec.value
            spec?.attempt = 2
            if let spec { $0.spec = .value(spec) }
            $0.metadata.generation = 2
        }
        let told = plan(request)
        #expect(told.actions.isEmpty && told.status?.phase == .succeeded && told.status?.attempt ?? 1 == 1)
        #expect(told.status?.completedAt == request.status?.completedAt)
        #expect(
            told.status?.message
                == "the only stage succeeded; ignored: spec.attempt 2, since a run that succeeded is not run again; "
                + "make a new request")
        #expect(plan(request.applying(told), at: 90).isEmpty)
        #expect(IgnoredEvent.manifest(of: request.applying(told), component: "c", at: .start) != nil)
    }

    @Test func anAttemptOfARunThatFailedCounts() {
        let request = ReportRequest.fixture(.chain("a")).with {
            var spec = $0.spec.value
            spec?.attempt = 2
            if let spec { $0.spec = .value(spec) }
            $0.metadata.generation = 2
        }.status {
            $0.phase = .failed
            $0.attempt = 1
            $0.message = "a failed"
        }
        #expect(request.applying(plan(request)).status?.ignoredChange == nil)
    }

    /// What a stage printed last stands in the message, too.
    @Test func aStagesWordsAreNoChange() {
        let words = "a failed; ignored: spec.attempt 9, since I say so"
        var status = ReportRequestStatus()
        status.message = words
        #expect(status.runMessage == words && status.ignoredChange == nil)
        status.say(ignored: "spec.attempt 2")
        #expect(status.message == "\(words); ignored: spec.attempt 2" && status.runMessage == words)
        status.say(ignored: "spec.attempt 3")
        #expect(status.message == "\(words); ignored: spec.attempt 3" && status.runMessage == words)
        status.say(ignored: nil)
        #expect(status.message == words && status.runMessage == words && status.ignoredChange == nil)
        status.message = nil
        status.say(ignored: "spec.attempt 2")
        #expect(status.message == "ignored: spec.attempt 2" && status.runMessage == nil)
    }
}
