import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct StoppingTests {
    /// The write that recorded the Job lost against the user's own, and the Job's watch is behind.
    @Test func cancelledRunWithoutRecordedJobsIsAskedForAtTheServer() throws {
        let request = ReportRequest.fixture(.chain("extract")).started().cancelling()
        let plan = RequestPlanner.plan(Observed(request: request), now: .start)
        #expect(plan.kinds == ["confirmNothingRuns"])
        #expect(plan.status?.phase == .cancelled)
    }

    @Test func queuedRequestIsCancelledWithoutAnyQuestion() {
        let plan = RequestPlanner.plan(Observed(request: .fixture().queued().cancelling()), now: .start)
        #expect(plan.kinds == [])
        #expect(plan.status?.phase == .cancelled)
    }

    @Test func timeoutIsOnRecordBeforeAnythingIsDeleted() {
        let request = ReportRequest.fixture(.chain("extract", "load").timeout("1h")).running("extract")
        let jobs = [Job.fixture(of: request, stage: "extract")]
        let late = Timestamp.start.after(3600)
        let first = RequestPlanner.plan(Observed(request: request, jobs: jobs), now: late)
        #expect(first.actions == [])
        #expect(first.status?.reason == Reason.timedOut)
        let second = RequestPlanner.plan(Observed(request: request.applying(first), jobs: jobs), now: late)
        #expect(second.kinds == ["deleteJob"])
    }
}
