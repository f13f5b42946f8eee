import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// A stage has succeeded when its pod has, a second before its Job says so.
struct PodSuccessTests {
    private let request = ReportRequest.fixture(.chain("a", "b")).running("a")

    private func job(_ stage: String) -> Job { Job.fixture(of: request, stage: stage) }

    private func succeeded(_ stage: String, at seconds: Int64 = 7) -> Pod {
        Pod.fixture(of: request, stage: stage).succeeded(at: .start.after(seconds))
    }

    private func plan(
        _ request: ReportRequest, _ jobs: [Job], _ pods: [Pod] = [], after seconds: Int64 = 8
    ) -> RunPlan {
        RunPlanner.plan(ObservedRun(request: request, jobs: jobs, pods: pods), now: .start.after(seconds))
    }

    @Test func theNextStageStartsAtOnce() {
        let early = plan(request, [job("a")], [succeeded("a")])
        #expect(early.starts(of: request) == ["b"])
        let stage = early.status?.stages?.first
        #expect(stage?.phase == .succeeded && stage?.exitCode == 0)
        #expect(stage?.completedAt == .start.after(7))
    }

    /// Whichever news comes first.
    @Test func theEndIsTheSame() {
        let complete = job("a").complete(at: .start.after(8))
        let early = plan(request, [job("a")], [succeeded("a")])
        #expect(plan(request, [complete], [succeeded("a")]).status == early.status)
        let next = request.applying(early)
        // Its Job's word changes nothing, nor that it fails after all.
        for job in [complete, job("a").failed("DeadlineExceeded", at: .start.after(8)), job("a")] {
            #expect(plan(next, [job, self.job("b")], [succeeded("a")], after: 9).isEmpty)
        }
    }

    @Test func whatIsNoSuccessWaitsForItsJob() {
        let untimed = Pod.fixture(of: request, stage: "a").succeeded()
        let going = succeeded("a").with { $0.metadata.deletionTimestamp = .start.after(6) }
        let foreign = succeeded("a").with { $0.metadata.ownerReferences[0].uid = "another" }
        let other = succeeded("a").with { $0.status?.containerStatuses?[0].name = "proxy" }
        for pod in [untimed, going, foreign, other] {
            let plan = self.plan(request, [job("a")], [pod])
            #expect(plan.starts(of: request) == [])
            #expect(plan.status?.stages?.first?.phase ?? .running == .running)
        }
    }

    @Test func theRunEndsAndItsJobStays() {
        let last = ReportRequest.fixture(.chain("a", "b")).running("b", succeeded: ["a"])
        let jobs = [job("a").complete(), job("b")]
        let end = plan(last, jobs, [succeeded("b")])
        #expect(end.status?.phase == .succeeded, "\(end.status?.message ?? "")")
        #expect(end.actions == [])
        let over = last.applying(end)
        #expect(plan(over, jobs, [succeeded("b")]).actions == [])
        // A pod that somebody has made it start again runs for nobody.
        let again = Pod.fixture(of: request, stage: "b").running().with { $0.metadata.name += "-2" }
        let delete = RunAction.deleteJob(name: job("b").metadata.name, uid: job("b").metadata.uid)
        #expect(plan(over, jobs, [succeeded("b"), again]).actions == [delete])
    }

    @Test func aSecondPodOfItIsStoppedBeforeAnythingStarts() {
        let stored = ReportRequest.fixture(.chain("a", "b")).running(succeeded: ["a"])
        let again = Pod.fixture(of: request, stage: "a").running().with { $0.metadata.name += "-2" }
        let plan = self.plan(stored, [job("a")], [succeeded("a"), again])
        #expect(plan.starts(of: stored) == [])
        #expect(plan.actions == [.deleteJob(name: job("a").metadata.name, uid: job("a").metadata.uid)])
    }

    @Test func aRunThatStopsLeavesItAlone() {
        let sides = ReportRequest.fixture(.diamond).running("check-b", succeeded: ["extract"]).failed("check-a")
        let jobs = [
            Job.fixture(of: sides, stage: "extract").complete(), Job.fixture(of: sides, stage: "check-a").failed(),
            Job.fixture(of: sides, stage: "check-b"),
        ]
        let pod = Pod.fixture(of: sides, stage: "check-b").succeeded(at: .start.after(7))
        let end = plan(sides, jobs, [pod])
        #expect(end.status?.phase == .failed)
        #expect(!end.actions.contains { if case .deleteJob = $0 { true } else { false } })
        #expect(end.status?.stages?.first { $0.name == "check-b" }?.phase == .succeeded)
        let cancelled = plan(request.cancelling(), [job("a")], [succeeded("a")])
        #expect(cancelled.status?.phase == .cancelled)
        #expect(cancelled.status?.stages?.map(\.phase) == [.succeeded, .skipped])
        #expect(!cancelled.actions.contains { if case .deleteJob = $0 { true } else { false } })
    }
}
