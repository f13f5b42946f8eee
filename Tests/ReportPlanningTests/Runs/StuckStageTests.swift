import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Pods that somebody takes away, and programs that end before their pods.
struct StuckStageTests {
    static let request = ReportRequest.fixture(.chain("extract", "load")).running("extract")
    static let job = Job.fixture(of: request, stage: "extract")
    static let pod = Pod.fixture(of: request, stage: "extract").with { $0.metadata.uid = "pod-1" }

    private func plan(
        _ request: ReportRequest = request, job: Job = job, pods: [Pod] = [], seen: [String: Timestamp] = [:],
        at seconds: Int64
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request, jobs: [job], pods: pods, seen: seen), now: .start.after(seconds))
    }

    // MARK: Events

    private func event(_ reason: String, _ message: String, type: String = "Warning", version: Int) throws -> Event {
        let json: JSONValue = .object([
            "metadata": .object(["name": .string("e"), "resourceVersion": .string("\(version)")]),
            "type": .string(type), "reason": .string(reason), "message": .string(message),
            "involvedObject": .object(["uid": .string("u"), "kind": .string("Job"), "name": .string("n")]),
        ])
        return try json.decoded(Event.self)
    }

    @Test func theLastWarningCountsAndThePodsNameIsLeftOut() throws {
        let object = Event.Reference(kind: "Job", name: "n", uid: "u")
        let events = [
            try event("FailedCreate", "older", version: 9),
            try event(
                "FailedCreate", "Error creating: pods \"tb-extract-1-x7k2p\" is forbidden: exceeded quota: memory",
                version: 11),
            try event("SuccessfulCreate", "Created pod", type: "Normal", version: 10),
            try event("FailedScheduling", "0/3 nodes", version: 12),
        ]
        let warning = ObservedRun.Obstacle.Warning(
            reason: "FailedCreate", message: "its pod is forbidden: exceeded quota: memory")
        #expect(ObservedRun.Obstacle.News.latest(of: object, among: events) == .warning(warning))
        #expect(ObservedRun.Obstacle.News.latest(of: .init(uid: "other"), among: events) == .nothing)
        let mended = try event("SuccessfulCreate", "Created pod", type: "Normal", version: 13)
        #expect(ObservedRun.Obstacle.News.latest(of: object, among: events + [mended]) == .better)
        #expect(ObservedRun.Obstacle.News.better.warning(after: warning) == nil)
        #expect(ObservedRun.Obstacle.News.nothing.warning(after: warning) == warning)
    }

    // MARK: Pods that somebody takes away

    @Test func whatHappenedToThePodIsToldInPlaceOfTheJobsCount() {
        let gone = plan(pods: [Self.pod.running().deleting()], at: 5)
        #expect(gone.status?.stages?.first?.reason == Reason.podDeleted)
        #expect(gone.status?.reason == Reason.stageRunning)
        let seen = Self.request.applying(gone)
        #expect(plan(seen, at: 6).isEmpty, "kept while the Job hasn't failed yet")
        let failed = plan(seen, job: Self.job.failed(at: .start.after(5)), at: 9)
        #expect(failed.status?.stages?.first?.reason == Reason.podDeleted)
        #expect(failed.status?.stages?.first?.message?.contains("was deleted by someone else") == true)
        let unseen = plan(job: Self.job.failed(at: .start.after(5)), at: 9)
        #expect(unseen.status?.stages?.first?.message?.contains("its pod is gone") == true)
    }

    @Test func disruptionIsNamedWithTheExitCode() {
        let pod = Self.pod.failed(exitCode: 143).with { pod in
            pod.status?.conditions = [
                Condition(
                    type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI",
                    message: "Eviction API: evicting", lastTransitionTime: nil, observedGeneration: nil)
            ]
        }
        let stage = plan(job: Self.job.failed(), pods: [pod], at: 5).status?.stages?.first
        #expect(stage?.reason == "EvictionByEvictionAPI")
        #expect(stage?.exitCode == 143)
        #expect(stage?.message?.hasSuffix("was taken away: Eviction API: evicting (exit code 143)") == true)
    }

    @Test func twoPodsAtOnceAreSaid() {
        let pods = [Self.pod.running().deleting(), Self.pod.running().named("second")]
        let told = plan(pods: pods, at: 5)
        #expect(told.status?.reason == Reason.stageRunning)
        #expect(told.status?.message?.hasPrefix("extract: two pods run at once: \(Self.pod.metadata.name)") == true)
        #expect(told.status?.message?.contains("podReplacementPolicy") == true)
        let alone = plan(Self.request.applying(told), pods: [Self.pod.running().named("second")], at: 6)
        #expect(alone.status?.message == "extract is running (1 of 2)")
    }

    // MARK: Other containers

    static func proxied(_ exitCode: Int, _ said: String? = nil) -> Pod {
        pod.with { pod in
            pod.status = .init(
                phase: "Running",
                containerStatuses: [
                    .init(name: "mesh-proxy", state: .init()),
                    .init(
                        name: "stage",
                        state: .init(terminated: .init(exitCode: exitCode, message: said, finishedAt: .start.after(5)))),
                ])
        }
    }

    @Test func programThatHasEndedIsToldAtOnceAndSoonDecides() {
        let pods = [Self.proxied(7, "the ledger is locked")]
        let told = plan(pods: pods, at: 6)
        #expect(told.status?.stages?.first?.exitCode == 7)
        let words = "its program has ended (exit code 7), and container mesh-proxy of its pod still runs"
        #expect(told.status?.message == "extract: \(words)")
        #expect(told.status?.explanation == "extract: \(words): the ledger is locked")
        #expect(
            told.status?.stages?.first?.message
                == "\(words): the ledger is locked")
        #expect(told.wakeAt == .start.after(15))
        let decided = plan(Self.request.applying(told), pods: pods, at: 15)
        #expect(decided.status?.stages?.first?.phase == .failed)
        #expect(decided.status?.stages?.first?.message == "exit code 7: the ledger is locked")
        let stopping = plan(Self.request.applying(decided), pods: pods, at: 16)
        #expect(stopping.kinds == ["deleteJob"])
    }

    /// What Kubernetes counts, whoever has stopped it; and nothing is said of the deletion of a pod that had succeeded.
    @Test func aProgramThatEndsWithZeroWhenItsPodIsDeletedHasSucceeded() {
        let told = plan(pods: [Self.pod.running().deleting(at: .start.after(4))], at: 5)
        #expect(told.status?.stages?.first?.reason == Reason.podDeleted)
        let ended = plan(Self.request.applying(told), job: Self.job.complete(at: .start.after(6)), at: 7)
        #expect(ended.status?.stages?.first?.phase == .succeeded)
        let cleared = plan(pods: [Self.pod.succeeded(at: .start.after(3)).deleting(at: .start.after(4))], at: 5)
        #expect((cleared.status ?? Self.request.status)?.stages?.first?.reason == nil)
    }

    @Test func aProgramThatWouldBeTriedAgainIsSaidNotToBe() {
        var pipeline = PipelineSpec.chain("extract", "load")
        pipeline.stages[0].retries = 2
        let request = ReportRequest.fixture(pipeline).running("extract")
        let decided = plan(request, pods: [Self.proxied(7, "the ledger is locked")], at: 15)
        #expect(
            decided.status?.stages?.first?.message
                == "exit code 7; not tried again, since container mesh-proxy of its pod ran on: the ledger is locked")
    }

    @Test func runGoesOnByTheProgramsOwnSuccessOnceItsPodIsStopped() {
        let pods = [Self.proxied(0)]
        let decided = plan(pods: pods, at: 15)
        #expect(decided.actions == [], "stored before anything is deleted for it")
        #expect(decided.status?.stages?.first?.phase == .succeeded)
        let recorded = Self.request.applying(decided)
        #expect(plan(recorded, pods: pods, at: 16).kinds == ["deleteJob"])
        #expect(plan(recorded, job: Self.job.deleting(), pods: pods, at: 17).isEmpty)
        let next = RunPlanner.plan(ObservedRun(request: recorded), now: .start.after(20))
        #expect(next.starts(of: recorded) == ["load"])
    }

    /// The node's clock may be another one too.
    @Test(arguments: [3600, -1200] as [Int64])
    func otherContainersHaveAMomentByTheOperatorsClock(skew: Int64) {
        let pods = [Self.proxied(0)]
        let seen = ["pod-1/ended": Timestamp.start.after(skew + 6)]
        #expect(plan(pods: pods, seen: seen, at: skew + 15).status?.stages?.first?.phase == .running)
        #expect(plan(pods: pods, seen: seen, at: skew + 16).status?.stages?.first?.phase == .succeeded)
    }

    private static let throughWithWords =
        "its program has ended (exit code 7), and container mesh-proxy of its pod still runs: the ledger is locked"

    private static func through(_ pipeline: PipelineSpec, exitCode: Int = 7) -> ReportRequest {
        ReportRequest.fixture(pipeline).running("extract").status {
            $0.stages?[0].reason = Reason.otherContainersRun
            $0.stages?[0].exitCode = exitCode
            $0.stages?[0].message = throughWithWords.replacing("code 7", with: "code \(exitCode)")
        }
    }

    @Test func theTimeoutOfTheRunKeepsWhatTheProgramSaid() {
        let request = Self.through(.chain("extract", "load").timeout("30s")).status { $0.reason = Reason.timedOut }
        let ended = RunPlanner.plan(ObservedRun(request: request), now: .start.after(31))
        let said =
            "the run took longer than 30s and was stopped while extract ran; extract: its program has ended (exit code 7), "
            + "and container mesh-proxy of its pod still runs"
        #expect(ended.status?.message == said)
        #expect(ended.status?.explanation == "\(said): the ledger is locked")
    }

    /// Within the moment that the other container has to end.
    @Test(arguments: [0, 7]) func aStageWhoseTimeIsOverThenKeepsHowItsProgramEnded(exitCode: Int) {
        var pipeline = PipelineSpec.chain("extract", "load")
        pipeline.stages[0].timeout = ReportDuration("8s")
        let request = Self.through(pipeline, exitCode: exitCode)
        let going = Self.proxied(exitCode, "the ledger is locked").deleting(at: .start.after(8))
        let pending = plan(request, job: Self.job, pods: [going], at: 9)
        #expect((pending.status ?? request.status)?.stages?.first?.exitCode == exitCode)
        let ended = plan(request, job: Self.job.failed("DeadlineExceeded", at: .start.after(8)), at: 9)
        let late =
            "DeadlineExceeded: it did not end within its timeout of 8s; its program has ended (exit code \(exitCode)), "
            + "and container mesh-proxy of its pod still runs"
        let stage = ended.status?.stages?.first
        #expect(stage?.phase == .failed && stage?.reason == "DeadlineExceeded" && stage?.exitCode == exitCode)
        #expect(stage?.message == "\(late): the ledger is locked")
        #expect(ended.status?.message == "extract failed: \(late)")
        #expect(ended.status?.explanation == "extract failed: \(late): the ledger is locked")
    }

    /// Such as one that tidies up when it is told to stop: a finalizer, or nobody, keeps its Job.
    @Test func aJobThatIsCompleteByItsDeletionAndStaysIsNamed() {
        let request = Self.request.cancelling().status {
            $0.phase = .cancelling
            $0.transitions = [PhaseTransition(phase: .cancelling, at: .start, reason: nil)]
        }
        let job = Self.job.deleting(at: .start.after(1)).complete(at: .start.after(2))
        let plan = plan(request, job: job, at: 600)
        #expect(plan.status?.message?.contains("job \(job.metadata.name) was deleted at") == true)
        #expect(plan.status?.message?.contains("and still exists") == true)
    }
}
