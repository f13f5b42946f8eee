import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct StoppingTests {
    /// The write that recorded the Job lost against the user's own, and the Job's watch is behind.
    @Test func cancelledRunWithoutRecordedJobsIsAskedForAtTheServer() throws {
        let request = ReportRequest.fixture(.chain("extract")).started().cancelling()
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(plan.kinds == ["confirmNothingRuns"])
        #expect(plan.status?.phase == .cancelled)
    }

    @Test func queuedRequestIsCancelledWithoutAnyQuestion() {
        let plan = RunPlanner.plan(ObservedRun(request: .fixture().queued().cancelling()), now: .start)
        #expect(plan.kinds == [])
        #expect(plan.status?.phase == .cancelled)
    }

    @Test func timeoutIsOnRecordBeforeAnythingIsDeleted() {
        let request = ReportRequest.fixture(.chain("extract", "load").timeout("1h")).running("extract")
        let jobs = [Job.fixture(of: request, stage: "extract")]
        let late = Timestamp.start.after(3600)
        let first = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: late)
        #expect(first.actions == [])
        #expect(first.status?.reason == Reason.timedOut)
        let second = RunPlanner.plan(ObservedRun(request: request.applying(first), jobs: jobs), now: late)
        #expect(second.kinds == ["deleteJob"])
    }

    @Test func cancellingIsOnRecordBeforeAnythingIsDeleted() {
        let request = ReportRequest.fixture().running("extract").cancelling()
        let jobs = [Job.fixture(of: request, stage: "extract")]
        let first = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: .start)
        #expect(first.actions == [])
        #expect(first.status?.phase == .cancelling)
        let second = RunPlanner.plan(ObservedRun(request: request.applying(first), jobs: jobs), now: .start)
        #expect(second.actions == [.deleteJob(name: request.jobName("extract"), uid: "uid-of-extract-1")])
    }

    @Test func runWhoseStagesAllSucceededInTimeSucceedsThoughItIsSeenLate() {
        let request = ReportRequest.fixture(.chain("extract").timeout("1h")).running("extract")
        let jobs = [Job.fixture(of: request, stage: "extract").complete(at: .start.after(60))]
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: .start.after(7200))
        #expect(plan.status?.phase == .succeeded)
    }

    /// Jobs and pods come by two watches: the exit code may be a moment behind the Job's end.
    @Test func stoppingWaitsForThePodsWordOfAStageThatFailedByItself() {
        let request = ReportRequest.fixture(.wide("a", "b")).running("a", "b").failed("a")
        let jobs = [
            Job.fixture(of: request, stage: "a").failed(), Job.fixture(of: request, stage: "b").failed(),
        ]
        let observed = ObservedRun(request: request, jobs: jobs)
        let first = RunPlanner.plan(observed, now: .start)
        #expect(first.status?.phase ?? .running == .running)
        #expect(first.wakeAt == .start.after(3))
        let second = RunPlanner.plan(observed, now: .start.after(3))
        #expect(second.status?.stages?.map(\.phase) == [.failed, .failed])
        #expect(second.status?.phase == .failed)
    }

    /// The node that it runs on is gone, for example.
    @Test func whatDoesNotStopIsNamedAfterAWhile() throws {
        let request = ReportRequest.fixture(.chain("extract")).running("extract").cancelling()
            .status { $0.phase = .cancelling }
        let job = Job.fixture(of: request, stage: "extract").deleting(at: .start.after(5))
        let pod = Pod.fixture(of: request, stage: "extract").running().with {
            $0.spec = .init(nodeName: "node-7")
            $0.metadata.deletionTimestamp = .start.after(35)
        }
        func plan(_ pods: [Pod], after seconds: Int64) -> RunPlan {
            RunPlanner.plan(ObservedRun(request: request, jobs: [job], pods: pods), now: .start.after(seconds))
        }
        let early = plan([pod], after: 64)
        #expect(early.status?.message == "cancelling: what still runs is being stopped")
        #expect(early.wakeAt == .start.after(65))
        let name = pod.metadata.name
        let late = plan([pod], after: 65)
        #expect(
            late.status?.message == "cancelling: pod \(name) on node node-7 was to be gone by "
                + "\(Timestamp.start.after(35)), and is still there: see whether the node answers (kubectl get node node-7); "
                + "if it doesn't, remove the pod once it can't run any more (kubectl delete pod \(name) -n finance --force "
                + "--grace-period=0)")
        #expect(late.status?.phase == .cancelling && late.status?.reason == Reason.cancelledByUser)
        // Once said, it is not written again.
        let told = request.applying(late)
        #expect(
            RunPlanner.plan(ObservedRun(request: told, jobs: [job], pods: [pod]), now: .start.after(600)).status == nil)
        let unplaced = pod.with { $0.spec = nil }
        #expect(plan([unplaced], after: 65).status?.message?.contains("still there: remove the pod") == true)
        let held = plan([], after: 65)
        #expect(
            held.status?.message == "cancelling: job \(job.metadata.name) was to be gone by "
                + "\(Timestamp.start.after(5)), and is still there: nobody removes it; see whether kube-controller-manager runs"
        )
    }

    /// Kubernetes notes the killed pod as the Job's failure while the deletion still waits for the pod.
    @Test func jobThatFailedByItsDeletionIsCancelledAndNotFailed() {
        let request = ReportRequest.fixture(.chain("extract")).running("extract").cancelling()
            .status { $0.phase = .cancelling }
        let job = Job.fixture(of: request, stage: "extract").deleting(at: .start.after(5))
        let killed = ObservedRun(request: request, jobs: [job.failed(at: .start.after(10))])
        let waiting = RunPlanner.plan(killed, now: .start.after(20))
        #expect(waiting.status?.phase ?? .cancelling == .cancelling)
        #expect(waiting.status?.stages?.map(\.phase) ?? [.running] == [.running])
        let gone = RunPlanner.plan(ObservedRun(request: request), now: .start.after(21))
        #expect(gone.status?.phase == .cancelled)
        #expect(gone.status?.stages?.map(\.phase) == [.cancelled])

        let before = ObservedRun(request: request, jobs: [job.failed(at: .start.after(4))])
        #expect(RunPlanner.plan(before, now: .start.after(20)).status?.stages?.map(\.phase) == [.failed])
    }
}
