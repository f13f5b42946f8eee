import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import TestSupport
import Testing

struct FailureTests {
    static let request = ReportRequest.fixture(.chain("extract", "load")).running("extract")
    static let pod = Pod.fixture(of: request, stage: "extract")
    static let job = Job.fixture(of: request, stage: "extract").failed()

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var job = FailureTests.job
        var pods: [Pod]
        var reason: String
        var message: String
        var exitCode: Int?
    }

    static let cases = [
        Case(
            testDescription: "exit code", pods: [pod.failed(exitCode: 3)], reason: "ExitCode", message: "exit code 3",
            exitCode: 3),
        Case(
            testDescription: "exit code with a message", pods: [pod.failed(exitCode: 1, message: "no such period\n\n")],
            reason: "ExitCode", message: "exit code 1: no such period", exitCode: 1),
        Case(
            testDescription: "long message keeps its end",
            pods: [pod.failed(exitCode: 1, message: String(repeating: "x", count: 2000) + "end")], reason: "ExitCode",
            message: "exit code 1: …" + String(repeating: "x", count: 1018) + "end", exitCode: 1),
        Case(
            testDescription: "out of memory", pods: [pod.failed(exitCode: 137, reason: "OOMKilled")],
            reason: "OOMKilled",
            message: "OOMKilled (exit code 137); raise the stage's resources.limits.memory", exitCode: 137),
        Case(
            testDescription: "evicted before it ran", pods: [pod.evicted()], reason: "Evicted",
            message: "Evicted: The node was low on resource: memory."),
        Case(
            testDescription: "evicted while it ran", pods: [pod.failed(exitCode: 137).with(evict)], reason: "Evicted",
            message: "Evicted: The node was low on resource: memory. (exit code 137)", exitCode: 137),
        Case(
            testDescription: "the last of several pods counts",
            pods: [
                pod.failed(exitCode: 3, at: .start.after(10)),
                Pod.fixture(of: request, stage: "extract", at: .start.after(20)).evicted().named("later"),
            ],
            reason: "Evicted", message: "Evicted: The node was low on resource: memory."),
        Case(
            testDescription: "the last exit of several pods counts",
            pods: [
                Pod.fixture(of: request, stage: "extract", at: .start.after(20)).failed(exitCode: 4).named("later"),
                pod.failed(exitCode: 3, at: .start.after(10)),
            ],
            reason: "ExitCode", message: "exit code 4", exitCode: 4),
        Case(
            testDescription: "deadline", job: Job.fixture(of: request, stage: "extract").failed("DeadlineExceeded"),
            pods: [pod.running()], reason: "DeadlineExceeded",
            message: "DeadlineExceeded: it did not end within its deadline"),
    ]

    private static func evict(_ pod: inout Pod) { pod = pod.evicted() }

    @Test(arguments: cases) func statusSaysWhyAStageFailed(example: Case) {
        let plan = RunPlanner.plan(
            ObservedRun(request: Self.request, jobs: [example.job], pods: example.pods), now: .start.after(30))
        let stage = plan.status?.stages?.first
        #expect(stage?.phase == .failed)
        #expect(stage?.reason == example.reason)
        #expect(stage?.message == example.message)
        #expect(stage?.exitCode == example.exitCode)
        #expect(plan.status?.reason == Reason.stageFailed)
        let told = plan.status?.explanation?.components(separatedBy: "; what still runs").first ?? ""
        #expect(told.hasPrefix("extract failed: \(example.message.prefix(60))"))
        #expect(told.hasSuffix(example.message.suffix(160)) && told.utf8.count <= 16 + 240)
    }

    /// A status has room for them once.
    @Test(arguments: [
        ("one\ntwo\nno such period: 2026-13", "exit code 1: one … no such period: 2026-13"),
        (
            String(repeating: "a", count: 300) + "\n" + String(repeating: "z", count: 300),
            "exit code 1: \(String(repeating: "a", count: 72))… / \(String(repeating: "z", count: 36))…"
                + String(repeating: "z", count: 108)
        ),
        (
            String(repeating: "a", count: 300) + String(repeating: "z", count: 300),
            "exit code 1: \(String(repeating: "a", count: 56))…\(String(repeating: "z", count: 168))"
        ),
    ])
    func lastWordsAreInTheStagesEntryAloneAndAreQuotedFromThere(words: String, line: String) throws {
        let pods = [Self.pod.failed(exitCode: 1, message: words)]
        let plan = RunPlanner.plan(
            ObservedRun(request: Self.request, jobs: [Self.job], pods: pods), now: .start.after(30))
        let status = try #require(plan.status)
        #expect(status.stages?.first?.message == "exit code 1: \(words)")
        #expect(status.message == "extract failed: exit code 1")
        #expect(status.condition(.failed)?.message == "extract failed: ExitCode")
        #expect(status.explanation == "extract failed: \(line)")
        #expect(ReportRecord(Self.request.status { $0 = status }).message == "extract failed: \(line)")
        // As the record has it, which is shown when the request is gone.
        let recorded = ReportRequest(ReportRecord(Self.request.status { $0 = status }))
        #expect(recorded.status?.explanation == "extract failed: \(line)")
    }

    /// However many they are, and whatever comes behind them.
    @Test func eachStageThatFailedIsQuotedOnce() {
        var stages = ["a", "aa", "b"].map { StageStatus(name: $0, phase: .failed, attempt: 1) }
        for (index, words) in ["no such period", "b failed: exit code 2", ""].enumerated() {
            stages[index].exitCode = 2
            stages[index].message = "exit code 2" + (words.isEmpty ? "" : ": \(words)")
        }
        var status = ReportRequestStatus()
        (status.phase, status.stages) = (.failed, stages)
        let said = "a failed: exit code 2; aa failed: exit code 2; b failed: exit code 2"
        let told =
            "a failed: exit code 2: no such period; aa failed: exit code 2: b failed: exit code 2; b failed: exit code 2"
        status.message = said + "; what still runs is being stopped"
        #expect(status.explanation == told + "; what still runs is being stopped")
        (status.message, status.ignoredChange) = (said + "; ignored: spec.attempt 2", "ignored: spec.attempt 2")
        #expect(status.explanation == told + "; ignored: spec.attempt 2")
        #expect(status.runExplanation == told)
        // One without words whose name ends as another's.
        var others = ["preload", "load"].map { StageStatus(name: $0, phase: .failed, attempt: 1) }
        for index in others.indices {
            others[index].exitCode = 1
            others[index].message = "exit code 1" + (index == 1 ? ": boom" : "")
        }
        var other = ReportRequestStatus()
        (other.stages, other.message) = (others, "preload failed: exit code 1; load failed: exit code 1")
        #expect(other.explanation == "preload failed: exit code 1; load failed: exit code 1: boom")
        // As a record has it, and as earlier releases wrote it.
        (status.message, status.ignoredChange) = (told, nil)
        #expect(status.explanation == told)
        // A runtime's words aren't a program's.
        stages[0].reason = "StartError"
        stages[0].message = "StartError (exit code 2): exec: \"etl.py\": not found"
        #expect(stages[0].ending == stages[0].message)
    }

    @Test func deadlineOfAPodThatNeverStartedSaysWhyItDidNot() {
        let request = Self.request.status { status in
            status.stages?[0].reason = "ImagePullBackOff"
            status.stages?[0].message = "ImagePullBackOff: etl:1 can't be pulled"
        }
        let job = Job.fixture(of: request, stage: "extract").failed("DeadlineExceeded")
        let stage = RunPlanner.plan(ObservedRun(request: request, jobs: [job]), now: .start).status?.stages?.first
        #expect(stage?.reason == "DeadlineExceeded")
        #expect(
            stage?.message
                == "DeadlineExceeded: it did not end within its deadline; ImagePullBackOff: etl:1 can't be pulled")
    }

    @Test func podsWordIsWaitedForAMoment() {
        let observed = ObservedRun(request: Self.request, jobs: [Self.job])
        let early = RunPlanner.plan(observed, now: .start.after(1))
        #expect(early.isEmpty)
        #expect(early.wakeAt == .start.after(3))
        let late = RunPlanner.plan(observed, now: .start.after(3))
        #expect(
            late.status?.stages?.first?.message
                == "BackoffLimitExceeded: its pod is gone, and with it how it ended: it was deleted, evicted, or collected "
                + "with its node")
    }

    @Test func failureTargetIsNoEndYet() {
        let job = Job.fixture(of: Self.request, stage: "extract").condition("FailureTarget", "BackoffLimitExceeded")
        #expect(RunPlanner.plan(ObservedRun(request: Self.request, jobs: [job]), now: .start.after(9)).isEmpty)
    }

    @Test func runFailsOnlyWhenNoPodOfItRuns() {
        let request = ReportRequest.fixture(.wide("a", "b")).running("a", "b")
        let failed = Job.fixture(of: request, stage: "a").failed()
        let other = Job.fixture(of: request, stage: "b")
        let pods = [Pod.fixture(of: request, stage: "a").failed(exitCode: 3), Pod.fixture(of: request, stage: "b")]

        let first = RunPlanner.plan(ObservedRun(request: request, jobs: [failed, other], pods: pods), now: .start)
        #expect(first.actions == [])
        #expect(first.status?.phase == .running)
        #expect(first.status?.reason == Reason.stageFailed)
        #expect(first.status?.message == "a failed: exit code 3; what still runs is being stopped")

        let recorded = request.applying(first)
        let second = RunPlanner.plan(ObservedRun(request: recorded, jobs: [failed, other], pods: pods), now: .start)
        #expect(second.actions == [.deleteJob(name: request.jobName("b"), uid: "uid-of-b-1")])

        for (jobs, pods) in [([failed, other.deleting()], pods), ([failed], pods), ([failed, other.deleting()], [])] {
            let plan = RunPlanner.plan(ObservedRun(request: recorded, jobs: jobs, pods: pods), now: .start)
            #expect(plan.isEmpty)
        }

        let last = RunPlanner.plan(
            ObservedRun(request: recorded, jobs: [failed], pods: [pods[0]]), now: .start.after(9))
        #expect(last.kinds == ["confirmNothingRuns"])
        #expect(last.status?.phase == .failed)
        #expect(last.status?.message == "a failed: exit code 3")
        #expect(last.status?.stages?.map(\.phase) == [.failed, .cancelled])
        #expect(last.status?.duration == "9s")
        #expect(last.status?.conditions?.last?.type == "Failed")
        #expect(last.status?.conditions?.last?.isTrue == true)
    }

    /// Kubernetes before 1.31 calls a Job Failed while its pod is still being stopped.
    @Test func runWhoseFailedJobStillHasAPodIsNotOver() {
        let job = Job.fixture(of: Self.request, stage: "extract").failed("DeadlineExceeded")
        let observed = ObservedRun(request: Self.request, jobs: [job], pods: [Self.pod.running().deleting()])
        let first = RunPlanner.plan(observed, now: .start)
        #expect(first.actions == [])
        #expect(first.status?.phase == .running)
        #expect(first.status?.stages?.map(\.phase) == [.failed, .skipped])
        let recorded = ObservedRun(request: Self.request.applying(first), jobs: [job], pods: observed.pods)
        #expect(RunPlanner.plan(recorded, now: .start.after(20)).isEmpty)
    }

    @Test func dependentsOfAFailedStageAreSkippedAndSayWhy() {
        let pipeline = PipelineSpec(stages: [
            .fixture("a"), .fixture("b", after: []), .fixture("c", after: ["a"]), .fixture("d", after: ["b"]),
            .fixture("e", after: ["c", "d"]),
        ])
        let request = ReportRequest.fixture(pipeline).running("b").failed("a")
        let plan = RunPlanner.plan(
            ObservedRun(request: request, jobs: [Job.fixture(of: request, stage: "b").complete()]), now: .start)
        #expect(plan.status?.phase == .failed)
        #expect(plan.status?.stages?.map(\.phase) == [.failed, .succeeded, .skipped, .skipped, .skipped])
        #expect(
            plan.status?.stages?.suffix(3).map(\.reason) == [
                Reason.dependencyFailed, Reason.stageFailed, Reason.dependencyFailed,
            ])
    }

    @Test func severalFailuresAreAllNamed() {
        let request = ReportRequest.fixture(.wide("a", "b")).running("a", "b")
        let plan = RunPlanner.plan(
            ObservedRun(
                request: request,
                jobs: ["a", "b"].map { Job.fixture(of: request, stage: $0).failed() },
                pods: [
                    Pod.fixture(of: request, stage: "a").failed(exitCode: 1),
                    Pod.fixture(of: request, stage: "b").failed(exitCode: 2),
                ]), now: .start)
        #expect(plan.status?.message == "a failed: exit code 1; b failed: exit code 2")
        #expect(plan.status?.stage == "1/2 a, b")
    }

    static let waiting: [(Pod, String, String)] = [
        (pod.unschedulable(), "Unschedulable", "Unschedulable: 0/3 nodes are available"),
        (
            pod.waiting("ErrImagePull", "rpc error"), "ImagePullBackOff",
            "ImagePullBackOff: registry.example/etl/x:1.0 can't be pulled; check its name and the pull secret; "
                + "the node says: rpc error"
        ),
        // As Kubernetes before 1.30 says it, and since.
        (
            pod.waiting("ImagePullBackOff", "Back-off pulling image \"x\""), "ImagePullBackOff",
            "ImagePullBackOff: registry.example/etl/x:1.0 can't be pulled; check its name and the pull secret"
        ),
        (
            pod.waiting("ImagePullBackOff", "Back-off pulling image \"x\": ErrImagePull: no such host"),
            "ImagePullBackOff",
            "ImagePullBackOff: registry.example/etl/x:1.0 can't be pulled; check its name and the pull secret; "
                + "the node says: no such host"
        ),
        (
            pod.waiting("CreateContainerConfigError", "secret \"plex\" not found"), "CreateContainerConfigError",
            "CreateContainerConfigError: secret \"plex\" not found"
        ),
    ]

    @Test(arguments: waiting) func whyAPodDoesNotStartIsShownOnceItHasLasted(pod: Pod, reason: String, text: String) {
        let observed = ObservedRun(
            request: Self.request, jobs: [Job.fixture(of: Self.request, stage: "extract")], pods: [pod])
        let early = RunPlanner.plan(observed, now: .start.after(9))
        #expect(early.isEmpty)
        #expect(early.wakeAt == .start.after(10))
        let plan = RunPlanner.plan(observed, now: .start.after(10))
        #expect(plan.status?.phase == .running)
        #expect(plan.status?.reason == Reason.stageNotStarting)
        #expect(plan.status?.stages?.first?.reason == reason)
        #expect(plan.status?.message == "extract can't start: \(text)")
        let shown = Self.request.applying(plan)
        let started = RunPlanner.plan(
            ObservedRun(request: shown, jobs: observed.jobs, pods: [Self.pod.running()]), now: .start.after(20))
        #expect(started.status?.reason == Reason.stageRunning)
        #expect(started.status?.stages?.first?.message == nil)
    }

    /// What the kubelet says while its cache of Secrets is filled, and what stays where the Secret never comes.
    @Test func whatTheContainerNeedsIsNamedWhereTheKubeletDoesNot() {
        let cache = "failed to sync secret cache: timed out waiting for the condition"
        func shown(_ message: String, _ change: (inout StageSpec) -> Void) -> String? {
            var pipeline = PipelineSpec(stages: [.fixture("extract")])
            change(&pipeline.stages[0])
            let request = ReportRequest.fixture(pipeline).running("extract")
            let observed = ObservedRun(
                request: request, jobs: [Job.fixture(of: request, stage: "extract")],
                pods: [Pod.fixture(of: request, stage: "extract").waiting("CreateContainerConfigError", message)])
            return RunPlanner.plan(observed, now: .start.after(10)).status?.stages?.first?.message
        }
        func variable(_ name: String, optional: Bool = false) -> JSONValue {
            [
                "name": "PASSWORD",
                "valueFrom": [
                    "secretKeyRef": ["name": .string(name), "key": "password", "optional": .bool(optional)]
                ],
            ]
        }
        #expect(
            shown(cache) {
                $0.env = [variable("erp-login"), variable("erp-login"), variable("spare", optional: true)]
                $0.envFrom = [["configMapRef": ["name": "accounts"]]]
            } == "CreateContainerConfigError: \(cache); check that what it needs is there, with all its keys: "
                + "Secret erp-login, ConfigMap accounts")
        #expect(
            shown("secret \"erp-login\" not found") { $0.env = [variable("erp-login")] }
                == "CreateContainerConfigError: secret \"erp-login\" not found")
        #expect(shown(cache) { $0.env = [] } == "CreateContainerConfigError: \(cache)")
    }

    @Test func podThatOnlyTakesItsTimeSaysNothing() {
        for reason in ["ContainerCreating", "PodInitializing"] {
            let observed = ObservedRun(
                request: Self.request, jobs: [Job.fixture(of: Self.request, stage: "extract")],
                pods: [Self.pod.waiting(reason)])
            let plan = RunPlanner.plan(observed, now: .start.after(60))
            #expect(plan.status == nil)
            #expect(plan.kinds == ["readEvents"])
        }
    }

    @Test func lostJobFailsItsStageOnceTheServerConfirmsIt() {
        let plan = RunPlanner.plan(ObservedRun(request: Self.request), now: .start)
        #expect(plan.kinds == ["confirmJobIsGone", "confirmNothingRuns"])
        #expect(plan.status?.stages?.map(\.phase) == [.failed, .skipped])
        #expect(plan.status?.stages?.first?.reason == Reason.jobLost)
    }

    /// The write of the status that was to tell of it has failed, and somebody has deleted it since.
    @Test func jobThatWasMadeAndIsGoneIsNotMadeAgain() {
        let request = ReportRequest.fixture().started()
        let name = request.jobName("extract")
        let plan = RunPlanner.plan(ObservedRun(request: request, made: [name: "uid-1"]), now: .start)
        #expect(plan.kinds == ["confirmJobIsGone", "confirmNothingRuns"])
        #expect(plan.status?.stages?.first?.reason == Reason.jobLost)
        #expect(plan.status?.stages?.first?.jobUID == "uid-1")
    }

    @Test func anotherJobOfItsNameIsNotTakenForIt() {
        let request = Self.request.status { $0.stages?[0].jobUID = "uid-1" }
        let other = Job.fixture(of: request, stage: "extract").complete()
        let plan = RunPlanner.plan(ObservedRun(request: request, jobs: [other]), now: .start)
        #expect(plan.status?.stages?.first?.reason == Reason.jobLost)
    }

    @Test func jobThatSomeoneElseDeletesFailsItsStage() {
        let job = Job.fixture(of: Self.request, stage: "extract").deleting()
        let plan = RunPlanner.plan(ObservedRun(request: Self.request, jobs: [job]), now: .start)
        #expect(plan.actions == [])
        #expect(plan.status?.phase == .running)
        #expect(plan.status?.stages?.first?.reason == Reason.jobLost)
    }

    /// What has succeeded may be deleted; a program that ends with 0 because it is told to stop has not.
    @Test func aJobThatIsCompleteByItsDeletionHasNotSucceeded() {
        let job = Job.fixture(of: Self.request, stage: "extract").deleting(at: .start.after(5))
        func phase(_ completedAt: Int64, pods: [Pod] = []) -> StageStatus.Phase? {
            let observed = ObservedRun(
                request: Self.request, jobs: [job.complete(at: .start.after(completedAt))], pods: pods)
            return RunPlanner.plan(observed, now: .start.after(9)).status?.stages?.first?.phase
        }
        #expect(phase(4) == .succeeded)
        #expect(phase(6) == .failed)
        // Within one second nobody knows, but for its pod.
        #expect(phase(5) == .failed)
        #expect(phase(5, pods: [Self.pod.succeeded(at: .start.after(5))]) == .succeeded)
        #expect(phase(6, pods: [Self.pod.succeeded(at: .start.after(6)).deleting()]) == .failed)
    }
}
