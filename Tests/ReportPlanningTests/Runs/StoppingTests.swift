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

    // MARK: What doesn't stop

    private static let cancelling = ReportRequest.fixture(.chain("extract")).running("extract").cancelling()
        .status { $0.phase = .cancelling }

    private func plan(_ job: Job, _ pods: [Pod], after seconds: Int64) -> RunPlan {
        RunPlanner.plan(ObservedRun(request: Self.cancelling, jobs: [job], pods: pods), now: .start.after(seconds))
    }

    /// The node that it runs on is gone, for example.
    @Test func aPodThatDoesNotStopIsNamedAfterAWhile() {
        let job = Job.fixture(of: Self.cancelling, stage: "extract").deleting(at: .start.after(5))
        let pod = Pod.fixture(of: Self.cancelling, stage: "extract").running().with {
            $0.spec = .init(nodeName: "node-7")
            $0.metadata.deletionTimestamp = .start.after(35)
        }
        let early = plan(job, [pod], after: 64)
        #expect(early.status?.message == "cancelling: what still runs is being stopped")
        #expect(early.wakeAt == .start.after(65))
        let name = pod.metadata.name
        let late = plan(job, [pod], after: 65)
        let words = [
            "cancelling: pod \(name) on node node-7 should have stopped by \(Timestamp.start.after(35)), and still exists:",
            "see whether the node is Ready (kubectl get node node-7) and what the pod says (kubectl describe pod \(name) -n",
            "finance); only where the node is lost or switched off, remove it (kubectl delete pod \(name) -n finance --force",
            "--grace-period=0), since another run begins then",
        ]
        #expect(late.status?.message == words.joined(separator: " "))
        #expect(late.status?.phase == .cancelling && late.status?.reason == Reason.cancelledByUser)
        // Once said, it is not written again.
        let told = ObservedRun(request: Self.cancelling.applying(late), jobs: [job], pods: [pod])
        #expect(RunPlanner.plan(told, now: .start.after(600)).status == nil)
        let unplaced = plan(job, [pod.with { $0.spec = nil }], after: 65).status?.message
        #expect(unplaced?.hasSuffix("and still exists: remove it (kubectl delete pod \(name) -n finance)") == true)
        let tracked = pod.with {
            $0.spec = nil
            $0.metadata.finalizers = ["batch.kubernetes.io/job-tracking"]
        }
        #expect(
            plan(job, [tracked], after: 65).status?.message?.hasSuffix(
                "still exists (it has the finalizers batch.kubernetes.io/job-tracking): see whether "
                    + "kube-controller-manager runs, or whoever else set them") == true)
    }

    /// One that doesn't heed SIGTERM is killed at the end of its grace, and then the collector takes its time for the Job.
    @Test(arguments: [nil, 300]) func aJobWhosePodHasJustGoneIsNotBlamed(grace: Int64?) {
        var pipeline = PipelineSpec.chain("extract")
        if let grace {
            pipeline.stages[0].podTemplate = ["spec": ["terminationGracePeriodSeconds": .integer(grace)]]
        }
        let request = ReportRequest.fixture(pipeline).running("extract").cancelling()
            .status { $0.phase = .cancelling }
        var job = Job.fixture(of: request, stage: "extract").deleting(at: .start.after(5))
        job.metadata.finalizers = ["foregroundDeletion", "a", "b", "c", "d", String(repeating: "x", count: 9999)]
        let last = 5 + (grace ?? 30) + 30 + 120
        func message(_ seconds: Int64) -> String {
            let observed = ObservedRun(request: request, jobs: [job])
            return RunPlanner.plan(observed, now: .start.after(seconds)).status?.message ?? ""
        }
        for seconds in [36, 66, last - 1] {
            #expect(message(seconds) == "cancelling: what still runs is being stopped")
        }
        #expect(
            message(last) == "cancelling: job \(job.metadata.name) was deleted at \(Timestamp.start.after(5)), and "
                + "still exists (it has the finalizers a, b, c and 2 more): see whether kube-controller-manager runs, "
                + "which removes it")
    }

    /// Kubernetes' controllers are away: the pod goes on.
    @Test func aPodThatIsNeverToldToStopIsNamedByItsJob() {
        let job = Job.fixture(of: Self.cancelling, stage: "extract").deleting(at: .start.after(5))
        let pod = Pod.fixture(of: Self.cancelling, stage: "extract").running()
        #expect(plan(job, [pod], after: 34).status?.message == "cancelling: what still runs is being stopped")
        #expect(
            plan(job, [pod], after: 35).status?.message
                == "cancelling: job \(job.metadata.name) was deleted at \(Timestamp.start.after(5)), and its pod hasn't been "
                + "told to stop: see whether kube-controller-manager runs, which passes that on")
    }

    /// Somebody has deleted the Job while Kubernetes' controllers were away.
    @Test func aPodWhoseJobIsGoneIsNamed() {
        let pod = Pod.fixture(of: Self.cancelling, stage: "extract").running()
        let request = Self.cancelling.status {
            $0.transitions = [PhaseTransition(phase: .cancelling, at: .start, reason: nil)]
        }
        func plan(after seconds: Int64) -> RunPlan {
            RunPlanner.plan(ObservedRun(request: request, pods: [pod]), now: .start.after(seconds))
        }
        let early = plan(after: 149)
        #expect(early.status?.message == "cancelling: what still runs is being stopped")
        #expect(early.wakeAt == .start.after(150))
        #expect(
            plan(after: 150).status?.message == "cancelling: pod \(pod.metadata.name) goes on, though its Job is gone: "
                + "see whether kube-controller-manager runs, which removes it")
    }

    /// Kubernetes notes the killed pod as the Job's failure while the deletion still waits for the pod.
    /// Or, before 1.31, as its success, where the program ends with 0 when it is told to stop.
    @Test func jobThatEndedByItsDeletionIsCancelled() {
        let request = ReportRequest.fixture(.chain("extract")).running("extract").cancelling()
            .status { $0.phase = .cancelling }
        let job = Job.fixture(of: request, stage: "extract").deleting(at: .start.after(5))
        for ended in [job.failed(at: .start.after(10)), job.complete(at: .start.after(10))] {
            let waiting = RunPlanner.plan(ObservedRun(request: request, jobs: [ended]), now: .start.after(20))
            #expect(waiting.status?.phase ?? .cancelling == .cancelling)
            #expect(waiting.status?.stages?.map(\.phase) ?? [.running] == [.running])
        }
        let gone = RunPlanner.plan(ObservedRun(request: request), now: .start.after(21))
        #expect(gone.status?.phase == .cancelled)
        #expect(gone.status?.stages?.map(\.phase) == [.cancelled])

        let before = ObservedRun(request: request, jobs: [job.failed(at: .start.after(4))])
        #expect(RunPlanner.plan(before, now: .start.after(20)).status?.stages?.map(\.phase) == [.failed])
        let complete = ObservedRun(request: request, jobs: [job.complete(at: .start.after(4))])
        #expect(RunPlanner.plan(complete, now: .start.after(20)).status?.stages?.map(\.phase) == [.succeeded])
    }
}
