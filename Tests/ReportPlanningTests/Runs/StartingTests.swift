import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct StartingTests {
    @Test func nothingStartsBesideAStageWhoseJobIsRefused() {
        let request = ReportRequest.fixture(.wide("a", "b")).started()
        let observed = ObservedRun(request: request, setbacks: [request.jobName("b"): .refused("no such image policy")])
        let plan = RunPlanner.plan(observed, now: .start)
        #expect(plan.starts(of: request) == [])
        #expect(plan.kinds == ["confirmNothingRuns"])
        #expect(plan.status?.stages?.map(\.phase) == [.skipped, .failed])
        #expect(plan.status?.stages?.map(\.reason) == [Reason.stageFailed, Reason.jobRefused])
        #expect(plan.status?.phase == .failed)
    }

    @Test func postponedStageIsSaidAndTriedAgainBesideARunningOne() {
        let request = ReportRequest.fixture(.wide("a", "b")).running("a")
        let jobs = [Job.fixture(of: request, stage: "a")]
        let setbacks: [String: ObservedRun.Setback] = [request.jobName("b"): .postponed("exceeded quota: jobs")]
        let first = RunPlanner.plan(ObservedRun(request: request, jobs: jobs, setbacks: setbacks), now: .start)
        #expect(first.actions == [])
        #expect(first.status?.reason == Reason.jobNotCreated)
        #expect(first.status?.message == "b can't start yet, and is tried again: exceeded quota: jobs")
        let next = request.applying(first)
        let second = RunPlanner.plan(ObservedRun(request: next, jobs: jobs, setbacks: setbacks), now: .start)
        #expect(second.starts(of: request) == ["b"])
        #expect(second.status?.reason == Reason.stageRunning)
    }

    @Test func whatElseHappenedIsOnRecordBeforeAPostponedStageIsTriedAgain() {
        let request = ReportRequest.fixture(.wide("a", "b")).running("a").status { $0.reason = Reason.jobNotCreated }
        let observed = ObservedRun(
            request: request,
            jobs: [Job.fixture(of: request, stage: "a").complete()],
            setbacks: [request.jobName("b"): .postponed("exceeded quota: jobs")])
        let plan = RunPlanner.plan(observed, now: .start)
        #expect(plan.actions == [])
        #expect(plan.status?.stages?.map(\.phase) == [.succeeded, .pending])
    }

    @Test func timeoutOfTheRunIsWokenForWhileAStageIsPostponed() {
        let request = ReportRequest.fixture(.wide("a", "b").timeout("1h")).running("a")
        let observed = ObservedRun(
            request: request,
            jobs: [Job.fixture(of: request, stage: "a")],
            pods: [Pod.fixture(of: request, stage: "a").running()],
            setbacks: [request.jobName("b"): .postponed("exceeded quota: jobs")])
        #expect(RunPlanner.plan(observed, now: .start).wakeAt == .start.after(3600))
    }

    /// Whatever an earlier attempt came to: a claim that is there already is found in place.
    @Test(arguments: [
        ReportRequest.fixture(.chain("a").workspace()).queued().ended(.cancelled),
        ReportRequest.fixture(.chain("a").workspace()).running("a").failed("a").ended(.failed),
    ])
    func workspaceIsClaimedBeforeTheFirstJobOfALaterAttemptToo(request: ReportRequest) {
        let resumed = request.attempt(2).started()
        let plan = RunPlanner.plan(ObservedRun(request: resumed), now: .start)
        #expect(plan.kinds == ["createWorkspaceClaim", "createJob"])
    }

    @Test func workspaceIsNotClaimedAgainOnceAStageHasItsJob() {
        let request = ReportRequest.fixture(.chain("a", "b").workspace()).running(succeeded: ["a"])
        #expect(RunPlanner.plan(ObservedRun(request: request), now: .start).kinds == ["createJob"])
    }
}
