import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// The operator's clock and Kubernetes' may differ; the times of one stage come from one of them.
struct ClockTests {
    /// Seconds by which the operator's clock is ahead.
    static let skews: [Int64] = [3600, -1200, 0]

    @Test(arguments: skews)
    func aStageTakesAsLongAsItsJobDid(skew: Int64) {
        let request = ReportRequest.fixture(.chain("a", "b")).running("a", at: .start.after(skew))
        let job = Job.fixture(of: request, stage: "a", at: .start).complete(at: .start.after(7))
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start.after(skew + 7))
        let stage = plan.status?.stages?.first
        #expect(stage?.startedAt == .start)
        #expect(stage?.completedAt == .start.after(7))
    }

    @Test(arguments: skews)
    func soDoesOneThatFails(skew: Int64) {
        let request = ReportRequest.fixture(.chain("a")).running("a", at: .start.after(skew))
        let job = Job.fixture(of: request, stage: "a", at: .start).failed("BackoffLimitExceeded", at: .start.after(9))
        let pod = Pod.fixture(of: request, stage: "a").failed(exitCode: 3, at: .start.after(8))
        let plan = RunPlanner.plan(
            ObservedRun(request: request, jobs: [job], pods: [pod]), now: .start.after(skew + 9))
        #expect(plan.status?.stages?.first?.startedAt == .start)
        #expect(plan.status?.stages?.first?.completedAt == .start.after(8))
    }

    @Test func aStageStartsWhenTheAPIServerSaysSo() {
        let request = ReportRequest.fixture(.chain("a")).started(at: .start.after(3600))
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start.after(3600))
        let job = Job.fixture(of: request, stage: "a", at: .start)
        #expect(plan.status?.noting([job]).stages?.first?.startedAt == .start)
        #expect(plan.status?.noting([job]).stages?.first?.jobUID == job.metadata.uid)
        #expect(plan.status?.noting([]).stages?.first?.startedAt == .start.after(3600))
    }

    /// Its Job is gone when its end is written; when that was told to stop is what the operator saw of it.
    @Test(arguments: skews) func aStageThatIsStoppedEndsWhenItsJobWasToldTo(skew: Int64) throws {
        var request = ReportRequest.fixture(.chain("a")).running("a", at: .start)
        request.status?.reason = Reason.cancelledByUser
        request.status?.phase = .cancelling
        var job = Job.fixture(of: request, stage: "a", at: .start)
        request.status?.stages?[0].jobUID = job.metadata.uid
        job.metadata.deletionTimestamp = .start.after(30)
        let sightings = Sightings(of: [job], [], request.status)
        #expect(sightings.stopped.values.map { $0 } == [.start.after(30)])
        #expect(sightings.remembered == sightings.stopped.keys.map { $0 })
        let observed = ObservedRun(request: request, seen: sightings.stopped)
        let stage = RunPlanner.plan(observed, now: .start.after(skew + 45)).status?.stages?.first
        #expect(stage?.phase == .cancelled && stage?.completedAt == .start.after(30))
    }

    /// The operator's clock is twenty minutes behind that of Kubernetes, which the stage started by.
    @Test(arguments: [true, false]) func noStageIsLostBeforeItStarts(isGone: Bool) {
        var request = ReportRequest.fixture(.chain("a")).running("a", at: .start.after(1200))
        var job = Job.fixture(of: request, stage: "a", at: .start.after(1200))
        request.status?.stages?[0].jobUID = job.metadata.uid
        job.metadata.deletionTimestamp = .start.after(1260)
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: isGone ? [] : [job]), now: .start.after(60))
        #expect(plan.status?.stages?.first?.reason == Reason.jobLost)
        #expect(plan.status?.stages?.first?.completedAt == .start.after(isGone ? 1200 : 1260))
    }

    @Test func noStageEndsBeforeItStarts() {
        var request = ReportRequest.fixture(.chain("a")).running("a", at: .start.after(1200))
        request.status?.reason = Reason.cancelledByUser
        request.status?.phase = .cancelling
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start)
        #expect(plan.status?.stages?.first?.phase == .cancelled)
        #expect(plan.status?.stages?.first?.completedAt == .start.after(1200))
    }
}
