import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What becomes of a run whose status something other than the operator has written into: it goes on where it was, or ends and
/// says so. It never waits for ever.
struct ForgedStatusTests {
    private static let running = ReportRequest.fixture(.chain("a", "b")).running("a")
    private static let job = Job.fixture(of: running, stage: "a")

    private func plan(
        _ request: ReportRequest, jobs: [Job] = [job], setbacks: [String: ObservedRun.Setback] = [:],
        lock: ObservedRun.Lock = .notConfigured
    ) -> RunPlan {
        RunPlanner.plan(ObservedRun(request: request, jobs: jobs, setbacks: setbacks, lock: lock), now: .start)
    }

    /// What the run comes to when each plan is carried out and nothing is left of its Jobs.
    private func end(of request: ReportRequest, jobs: [Job] = [job]) -> ReportRequest {
        var request = request
        var jobs = jobs
        for _ in 0..<8 where request.status?.isTerminal != true {
            let plan = plan(request, jobs: jobs)
            if plan.actions.contains(where: { if case .deleteJob = $0 { true } else { false } }) { jobs = [] }
            request = request.with { $0.status = plan.status ?? $0.status }
        }
        return request
    }

    @Test(arguments: [ReportRequestStatus.Phase.succeeded, .failed, .cancelled])
    func anEndThatTheRunHasNotComeToIsTakenBack(phase: ReportRequestStatus.Phase) {
        let forged = Self.running.status { status in
            status.phase = phase
            status.completedAt = .start
            status.duration = "0s"
        }
        let plan = plan(forged)
        #expect(plan.status?.phase == .running)
        #expect(plan.status?.completedAt == nil && plan.status?.duration == nil)
        #expect(plan.status?.transitions == Self.running.status?.transitions)
        #expect(plan.actions.isEmpty)
    }

    @Test func anEndThatItHasComeToStays() {
        let job = Self.job
        let ended = Self.running.status {
            $0 =
                self.plan(Self.running.status { $0.stages?[1].phase = .succeeded }, jobs: [job.complete()]).status ?? $0
        }
        #expect(ended.status?.phase == .succeeded)
        #expect(plan(ended, jobs: [job.complete()]).isEmpty)
    }

    @Test(arguments: ["../x", "x/status", "", "A b", "..", "%2e"])
    func aJobsNameThatNoneCanHaveIsPutRight(name: String) {
        let forged = Self.running.status { status in
            status.stages?[0].job = name
            status.stages?[1].job = name
        }
        let plan = plan(forged)
        #expect(plan.actions.isEmpty)
        #expect(plan.status?.stages?.map(\.job) == [Self.job.metadata.name, nil])
        #expect(plan.status?.stages?.map(\.phase) == [.running, .pending])
    }

    @Test func aStageThatRunsWithoutAJobIsFoundOrLost() {
        let forged = Self.running.status { $0.stages?[0].job = nil }
        #expect(plan(forged).status?.stages?[0].job == Self.job.metadata.name)
        let lost = plan(forged, jobs: [])
        #expect(lost.actions.contains(.confirmJobIsGone(name: Self.job.metadata.name)))
        #expect(lost.status?.stages?[0].reason == Reason.jobLost)
    }

    /// Stages that wait for each other, or for one that isn't there; and entries that no stage comes out of again.
    @Test(arguments: [["b"], ["nope"]])
    func aRunInWhichNothingCanStartEnds(dependsOn: [String]) {
        let forged = Self.running.status { status in
            status.accepted?.pipeline.stages[0].dependsOn = dependsOn
            status.accepted?.pipeline.stages[1].dependsOn = ["a"]
            status.stages = nil
        }
        let end = end(of: forged, jobs: [])
        #expect(end.status?.phase == .failed)
        #expect(end.status?.reason == Reason.statusBroken)
        #expect(
            end.status?.message
                == "status was changed by something other than the operator, so that no stage of it can start; "
                + "raise spec.attempt to check the request and run it again")
        let again = plan(end.attempt(2), jobs: [])
        #expect(again.status?.accepted?.pipeline == PipelineSpec.chain("a", "b"))
        #expect(again.status?.stages?.map(\.phase) == [.pending, .pending])
    }

    @Test func aRunWhoseStagesWereSkippedEnds() {
        let forged = Self.running.status { status in
            status.stages?[0].phase = .skipped
            status.stages?[1].phase = .cancelled
        }
        #expect(end(of: forged).status?.reason == Reason.statusBroken)
    }

    @Test func othersConditionsGiveWayToOurs() throws {
        let others = (0..<64).map { number in
            Condition(
                type: "X\(number)", status: "True", reason: "", message: "", lastTransitionTime: nil,
                observedGeneration: nil)
        }
        let status = try #require(plan(Self.running.status { $0.conditions = others }, lock: .idle).status)
        #expect(status.conditions?.count == 64)
        #expect(status.condition(.recorded) != nil)
        #expect(status.conditions?.first?.type == "X1")
    }

    @Test func aConditionWithoutAMessageIsWrittenWithoutOne() throws {
        let condition = Condition(
            type: "X", status: "True", reason: "", message: "", lastTransitionTime: nil, observedGeneration: nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(condition), as: UTF8.self) == #"{"status":"True","type":"X"}"#)
    }

    @Test func transitionsStayWithinTheSchema() {
        let forged = Self.running.status {
            $0.transitions = Array(repeating: PhaseTransition(phase: .running, at: .start), count: 64)
        }
        let end = plan(
            forged.status { $0.stages?[1].phase = .succeeded }, jobs: [Self.job.complete()])
        #expect(end.status?.transitions?.count == 64)
        #expect(end.status?.transitions?.last?.phase == .succeeded)
    }

    @Test func aRefusalThatIsNotAboutSizeIsNotCuredByASmallerPipeline() {
        let setbacks = [ObservedRun.statusSetback: ObservedRun.Setback.refused("status.x: Invalid value")]
        let message = plan(ReportRequest.fixture(.chain("a")), jobs: [], setbacks: setbacks).status?.message
        #expect(message?.contains("--show-managed-fields, then raise spec.attempt") == true)
        #expect(message?.contains("smaller") == false)
    }

    /// A schedule takes it off its own requests; off others nobody would.
    @Test func aTicksFinalizerOnARequestOfNoScheduleGoesWithTheRequest() {
        let tick = ReportsAPI.Finalizer.tick
        let end = Self.running.status { $0 = self.end(of: Self.running, jobs: []).status ?? $0 }.deleting()
        #expect(plan(end.with { $0.metadata.finalizers = [tick, "x"] }, jobs: []).actions == [.setFinalizers(["x"])])
        let scheduled = end.with { request in
            request.metadata.finalizers = [tick]
            request.metadata.labels[ReportsAPI.Label.tickUID] = "t"
        }
        #expect(plan(scheduled, jobs: []).actions == [])
    }

    @Test func aRunThatWasMadeSharedTakesTheLockBeforeItGoesOn() {
        let forged = Self.running.status { $0.accepted?.pipeline.concurrency = .init(key: "erp", scope: .shared) }
            .with { $0.metadata.finalizers = [ReportsAPI.Finalizer.sharedLock] }
        let first = plan(forged, jobs: [Self.job.complete()], lock: .idle)
        #expect(first.actions.map(\.isTakingLock) == [true])
        #expect(first.status?.reason == Reason.waitingForSharedLock)
        let second = plan(forged, jobs: [Self.job.complete()], lock: .held(fence: 5))
        #expect(second.status?.fence == 5)
        #expect(second.kinds == ["createJob"])
    }
}

extension RunAction {
    fileprivate var isTakingLock: Bool { if case .takeSharedLock = self { true } else { false } }
}
