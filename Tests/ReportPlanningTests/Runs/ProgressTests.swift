import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct ProgressTests {
    @Test func chainGoesOneStageAfterTheOther() {
        let names = (1...50).map { "s\($0)" }
        var request = ReportRequest.fixture(.chain(names)).started()
        for (index, name) in names.enumerated() {
            let now = Timestamp.start.after(Int64(index) * 10)
            let jobs = names.prefix(index).map { Job.fixture(of: request, stage: $0).complete(at: now) }
            let plan = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: now)
            #expect(plan.starts(of: request) == [name])
            #expect(plan.status?.message == "\(name) is running (\(index + 1) of 50)")
            #expect(plan.status?.stage == "\(index + 1)/50 \(name)")
            request = request.applying(plan)
        }
        let jobs = names.map { Job.fixture(of: request, stage: $0).complete() }
        let end = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: .start.after(3700))
        #expect(end.actions == [])
        #expect(end.status?.phase == .succeeded)
        #expect(end.status?.message == "all 50 stages succeeded")
        #expect(end.status?.stage == "50/50")
        #expect(end.status?.startedAt == .start)
        #expect(end.status?.duration == "1h1m")
        #expect(end.status?.condition(.complete)?.isTrue == true)
        #expect(end.status?.condition(.failed) == nil)
    }

    @Test func diamondRunsItsSidesTogetherAndItsEndAfterBoth() {
        let request = ReportRequest.fixture(.diamond).running("extract")
        let extract = Job.fixture(of: request, stage: "extract").complete()
        let both = RunPlanner.plan(ObservedRun(request: request, jobs: [extract]), now: .start)
        #expect(both.starts(of: request) == ["check-a", "check-b"])
        #expect(both.status?.message == "check-a, check-b are running (2 of 4)")
        #expect(both.status?.stage == "2/4 check-a, check-b")
        let half = request.applying(both)
        let one = [
            extract, Job.fixture(of: half, stage: "check-a").complete(), Job.fixture(of: half, stage: "check-b"),
        ]
        #expect(RunPlanner.plan(ObservedRun(request: half, jobs: one), now: .start).starts(of: half) == [])
        let all = one.map { $0.isFinished ? $0 : $0.complete() }
        #expect(RunPlanner.plan(ObservedRun(request: half, jobs: all), now: .start).starts(of: half) == ["publish"])
    }

    @Test func manyStagesFitIntoTheColumn() {
        let names = (0..<9).map { "collect-plant-\($0)" }
        let request = ReportRequest.fixture(PipelineSpec(stages: names.map { .fixture($0, after: []) })).started()
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(plan.status?.stage == "1/9 collect-plant-0, collect-plant-1 +7")
    }

    @Test func jobMadeBeforeACrashIsAdopted() {
        let request = ReportRequest.fixture(.chain("a", "b")).started()
        let job = Job.fixture(of: request, stage: "a", at: .start.after(5))
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start.after(9))
        #expect(plan.actions == [])
        #expect(plan.status?.stages?.first?.phase == .running)
        #expect(plan.status?.stages?.first?.job == job.metadata.name)
        #expect(plan.status?.stages?.first?.startedAt == .start.after(5))
        #expect(plan.status?.startedAt == .start.after(5))
        let done = RunPlanner.plan(ObservedRun(request: request, jobs: [job.complete()]), now: .start.after(60))
        #expect(done.starts(of: request) == ["b"])
    }

    @Test func timeoutOfTheRunCountsFromItsFirstStage() {
        let request = ReportRequest.fixture(.chain("a", "b").timeout("1h")).running("a", at: .start.after(100))
        let jobs = [Job.fixture(of: request, stage: "a")]
        let observed = ObservedRun(
            request: request, jobs: jobs, pods: [Pod.fixture(of: request, stage: "a").running()])
        let early = RunPlanner.plan(observed, now: .start.after(3699))
        #expect(early.isEmpty)
        #expect(early.wakeAt == .start.after(3700))
        let late = RunPlanner.plan(observed, now: .start.after(3700))
        #expect(late.status?.reason == Reason.timedOut)
        #expect(late.status?.message == "the run took longer than 1h; what still runs is being stopped")
        let stopping = request.applying(late)
        let end = RunPlanner.plan(ObservedRun(request: stopping), now: .start.after(3710))
        #expect(end.kinds == ["confirmNothingRuns"])
        #expect(end.status?.phase == .failed)
        #expect(end.status?.reason == Reason.timedOut)
        #expect(end.status?.message == "the run took longer than 1h and was stopped while a ran")
        #expect(end.status?.stages?.map(\.phase) == [.cancelled, .skipped])
        #expect(end.status?.stages?.map(\.reason) == [Reason.timedOut, Reason.timedOut])
    }

    @Test func timeoutThatWasSaidOnceHoldsUnderALaggingClock() {
        let request = ReportRequest.fixture(.chain("a").timeout("1h")).running("a")
        let jobs = [Job.fixture(of: request, stage: "a")]
        let late = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: .start.after(3600))
        let plan = RunPlanner.plan(
            ObservedRun(request: request.applying(late), jobs: jobs), now: .start.after(3000))
        #expect(plan.kinds == ["deleteJob"])
    }

    /// Somebody with the right to write statuses cut one short; the operator must neither crash nor lose the run.
    @Test func statusWithoutAStageGetsItsEntryBack() {
        var request = ReportRequest.fixture(.chain("a", "b", "c")).running("b", succeeded: ["a"])
        let job = Job.fixture(of: request, stage: "b")
        request.status?.stages?.removeLast()
        request.status?.stages?.swapAt(0, 1)
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start)
        #expect(plan.actions == [])
        #expect(plan.status?.stages?.map(\.name) == ["a", "b", "c"])
        #expect(plan.status?.stages?.map(\.phase) == [.succeeded, .running, .pending])
    }
}
