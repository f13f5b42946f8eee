import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct UnwritableTests {
    static let refusal: [String: ObservedRun.Setback] = [
        ObservedRun.statusSetback: .refused("etcdserver: request is too large")
    ]

    @Test func aRunWhoseStatusIsRefusedStopsAndEnds() {
        let request = ReportRequest.fixture(.chain("a", "b")).running("a")
        let job = Job.fixture(of: request, stage: "a")
        let first = RunPlanner.plan(ObservedRun(request: request, jobs: [job], setbacks: Self.refusal), now: .start)
        #expect(first.actions.isEmpty)
        #expect(first.status?.reason == Reason.statusRefused)
        let told = request.with { $0.status = first.status }
        let second = RunPlanner.plan(ObservedRun(request: told, jobs: [job], setbacks: Self.refusal), now: .start)
        #expect(second.kinds == ["deleteJob"])
        let third = RunPlanner.plan(ObservedRun(request: told, setbacks: Self.refusal), now: .start)
        #expect(third.status?.phase == .failed)
        #expect(third.status?.reason == Reason.statusRefused)
        #expect(third.status?.message?.contains("etcdserver: request is too large") == true)
    }

    @Test func aRequestWhoseAcceptanceIsRefusedEndsAtOnce() {
        let request = ReportRequest.fixture(.chain("a"))
        let plan = RunPlanner.plan(ObservedRun(request: request, setbacks: Self.refusal), now: .start)
        #expect(plan.actions.isEmpty)
        #expect(plan.status?.phase == .failed)
        #expect(plan.status?.reason == Reason.statusRefused)
        #expect(plan.status?.accepted == nil)
    }

    @Test func itsStatusSaysNoMoreThanItMust() {
        var request = ReportRequest.fixture(.chain("a", "b")).running("a")
        request.status?.stages?[0].message = String(repeating: "x", count: 5000)
        request.status?.previousAttempts = [
            PreviousAttempt(attempt: 1, phase: .failed, reason: nil, startedAt: nil, completedAt: nil)
        ]
        let plan = RunPlanner.plan(
            ObservedRun(request: request, jobs: [Job.fixture(of: request, stage: "a")], setbacks: Self.refusal),
            now: .start)
        #expect(plan.status?.previousAttempts == nil)
        #expect((plan.status?.stages?[0].message ?? "").utf8.count <= 64)
    }

    @Test(arguments: [ReportRequestStatus.Phase.queued, .running])
    func aPhaseThatWasTakenOutIsPutBack(phase: ReportRequestStatus.Phase) {
        var request =
            phase == .queued ? ReportRequest.fixture(.chain("a")).queued() : .fixture(.chain("a")).running("a")
        let transitions = request.status?.transitions
        #expect(transitions?.last?.phase == phase)
        let jobs = phase == .running ? [Job.fixture(of: request, stage: "a")] : []
        request.status?.phase = nil
        let plan = RunPlanner.plan(
            ObservedRun(request: request, jobs: jobs, queue: .init(holders: phase == .queued ? 1 : 0)), now: .start)
        #expect(plan.status?.phase == phase)
        #expect(plan.status?.transitions == transitions)
    }

    @Test func oneThatWasOverIsNotRunAgain() {
        var request = ReportRequest.fixture(.chain("a")).running("a")
        let job = Job.fixture(of: request, stage: "a").complete()
        let end = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start)
        #expect(end.status?.phase == .succeeded)
        request.status = end.status
        request.status?.phase = nil
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start)
        #expect(plan.actions.isEmpty)
        #expect(plan.status == end.status)
    }

    @Test func aRunWithoutStagesHasNotSucceeded() {
        var request = ReportRequest.fixture(.chain("a", "b")).running("a")
        let job = Job.fixture(of: request, stage: "a")
        request.status?.accepted?.pipeline.stages = []
        let first = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start)
        #expect(first.status?.phase == .running)
        #expect(first.status?.reason == Reason.statusBroken)
        let told = request.with { $0.status = first.status }
        #expect(RunPlanner.plan(ObservedRun(request: told, jobs: [job]), now: .start).kinds == ["deleteJob"])
        let end = RunPlanner.plan(ObservedRun(request: told), now: .start)
        #expect(end.status?.phase == .failed)
        #expect(end.status?.message?.contains("raise spec.attempt") == true)
        let again = told.with { $0.status = end.status }.attempt(2)
        let resumed = RunPlanner.plan(ObservedRun(request: again), now: .start)
        #expect(resumed.status?.accepted?.pipeline.stages.map(\.name) == ["a", "b"])
    }
}
