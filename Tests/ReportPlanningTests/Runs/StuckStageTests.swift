import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// A stage that doesn't come to run, or doesn't come to an end, says why; and so does the end that it comes to.
struct StuckStageTests {
    static let request = ReportRequest.fixture(.chain("extract", "load")).running("extract")
    static let job = Job.fixture(of: request, stage: "extract")
    static let pod = Pod.fixture(of: request, stage: "extract").with { $0.metadata.uid = "pod-1" }
    static let account = "its pod is forbidden: error looking up service account finance/etl: not found"

    static func event(_ reason: String, _ message: String, type: String = "Warning", at time: Timestamp) throws -> Event
    {
        let json: JSONValue = .object([
            "metadata": .object(["name": .string("e")]), "type": .string(type), "reason": .string(reason),
            "message": .string(message), "lastTimestamp": .string("\(time)"),
        ])
        return try json.decoded(Event.self)
    }

    private func plan(
        _ request: ReportRequest = request, job: Job = job, pods: [Pod] = [],
        troubles: [String: ObservedRun.Trouble] = [:], at seconds: Int64
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request, jobs: [job], pods: pods, troubles: troubles), now: .start.after(seconds))
    }

    // MARK: No pod

    @Test func eventsOfAJobWithoutAPodAreAskedForOnceItHasLasted() {
        let early = plan(at: 14)
        #expect(early.isEmpty)
        #expect(early.wakeAt == .start.after(15))
        let due = plan(at: 15)
        #expect(
            due.actions == [
                .readEvents(kind: "Job", name: Self.job.metadata.name, uid: "uid-of-extract-1", at: .start.after(15))
            ])
    }

    @Test func whyAPodIsRefusedStandsInTheStatusAndIsAskedAgainWithGrowingPauses() {
        let known = ObservedRun.Trouble(readAt: .start.after(60), reason: "FailedCreate", message: Self.account)
        let told = plan(troubles: ["uid-of-extract-1": known], at: 61)
        #expect(told.actions == [])
        #expect(told.status?.reason == Reason.stageNotStarting)
        #expect(told.status?.message == "extract can't start: FailedCreate: \(Self.account)")
        #expect(told.status?.stages?.first?.reason == "FailedCreate")
        #expect(told.wakeAt == .start.after(120))
        let settled = plan(Self.request.applying(told), troubles: ["uid-of-extract-1": known], at: 119)
        #expect(settled.isEmpty)
        #expect(
            plan(Self.request.applying(told), troubles: ["uid-of-extract-1": known], at: 120).kinds == ["readEvents"])
    }

    @Test func jobWithoutAPodAndWithoutAWarningSaysSoMuch() {
        let known = ObservedRun.Trouble(readAt: .start.after(15))
        let told = plan(troubles: ["uid-of-extract-1": known], at: 15)
        #expect(told.status?.stages?.first?.reason == Reason.noPod)
        #expect(told.status?.message?.contains("has no pod yet") == true)
    }

    @Test func theLastWarningCountsAndThePodsNameIsLeftOut() throws {
        let events = [
            try Self.event("FailedCreate", "older", at: .start),
            try Self.event(
                "FailedCreate", "Error creating: pods \"tb-extract-1-x7k2p\" is forbidden: exceeded quota: memory",
                at: .start.after(9)),
            try Self.event("SuccessfulCreate", "Created pod", type: "Normal", at: .start.after(8)),
            try Self.event("FailedScheduling", "0/3 nodes", at: .start.after(10)),
        ]
        let trouble = Trouble.last(of: events, readAt: .start.after(20))
        #expect(trouble.reason == "FailedCreate")
        #expect(trouble.message == "its pod is forbidden: exceeded quota: memory")
        #expect(Trouble.last(of: [], readAt: .start).reason == nil)
        let mended = try Self.event("SuccessfulCreate", "Created pod", type: "Normal", at: .start.after(30))
        #expect(Trouble.last(of: events + [mended], readAt: .start.after(40)).reason == nil)
    }

    @Test func suspendedJobSaysSo() {
        let told = plan(job: Self.job.condition("Suspended", "JobSuspended"), at: 1)
        #expect(told.status?.stages?.first?.reason == Reason.jobSuspended)
        #expect(told.status?.message?.contains("is suspended") == true)
    }

    // MARK: A pod that doesn't start

    @Test func volumeThatIsMissingIsNamedFromThePodsEvents() {
        let waiting = Self.pod.waiting("ContainerCreating").with { $0.metadata.uid = "pod-1" }
        #expect(plan(pods: [waiting], at: 15).kinds == ["readEvents"])
        let known = ObservedRun.Trouble(
            readAt: .start.after(15), reason: "FailedMount",
            message: "MountVolume.SetUp failed for volume \"erp\": secret \"erp-login\" not found")
        let told = plan(pods: [waiting], troubles: ["pod-1": known], at: 16)
        #expect(
            told.status?.message
                == "extract can't start: FailedMount: MountVolume.SetUp failed for volume \"erp\": secret \"erp-login\" "
                + "not found")
    }

    @Test func podThatNoSchedulerTakesUpSaysSo() {
        let told = plan(pods: [Self.pod], at: 10)
        #expect(told.status?.stages?.first?.reason == Reason.notScheduled)
        #expect(told.status?.message?.contains("no scheduler has taken up pod") == true)
    }

    @Test(arguments: [
        ("SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", "held back by a gate"),
        (
            "Unschedulable", "pod has unbound immediate PersistentVolumeClaims",
            "unbound immediate PersistentVolumeClaims"
        ),
    ])
    func whatSchedulingSaysIsTold(reason: String, message: String, text: String) {
        let pod = Self.pod.with { pod in
            pod.status?.conditions = [
                Condition(
                    type: "PodScheduled", status: "False", reason: reason, message: message, lastTransitionTime: nil,
                    observedGeneration: nil)
            ]
        }
        let told = plan(pods: [pod], at: 10)
        #expect(told.status?.stages?.first?.reason == reason)
        #expect(told.status?.message?.contains(text) == true)
    }

    // MARK: The end keeps the cause

    @Test func timeoutOfTheRunKeepsWhatKeptTheStageFromStarting() {
        let request = ReportRequest.fixture(.chain("extract").timeout("30s")).running("extract").status { status in
            status.stages?[0].reason = "FailedCreate"
            status.stages?[0].message = "FailedCreate: \(Self.account)"
        }
        let stopping = plan(request, at: 30)
        #expect(stopping.status?.reason == Reason.timedOut)
        let ended = RunPlanner.plan(
            ObservedRun(request: request.applying(stopping)), now: .start.after(31))
        #expect(ended.status?.phase == .failed)
        #expect(
            ended.status?.message
                == "the run took longer than 30s and was stopped while extract ran; extract: FailedCreate: \(Self.account)"
        )
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
        #expect(failed.status?.stages?.first?.message?.contains("was deleted by somebody else") == true)
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

    @Test func newPodInPlaceOfADeletedOneIsNoTrouble() {
        let pods = [Self.pod.running().deleting(), Self.pod.running().named("second")]
        #expect(plan(pods: pods, at: 5).isEmpty)
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
        #expect(
            told.status?.message
                == "extract: its program has ended (exit code 7: the ledger is locked), and container mesh-proxy of its pod "
                + "still runs")
        #expect(told.wakeAt == .start.after(15))
        let decided = plan(Self.request.applying(told), pods: pods, at: 15)
        #expect(decided.status?.stages?.first?.phase == .failed)
        #expect(
            decided.status?.stages?.first?.message?.hasPrefix("exit code 7: the ledger is locked; not tried again")
                == true)
        let stopping = plan(Self.request.applying(decided), pods: pods, at: 16)
        #expect(stopping.kinds == ["deleteJob"])
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

    @Test func failedInitContainerIsNamed() {
        let pod = Self.pod.with { pod in
            pod.status = .init(
                phase: "Failed",
                initContainerStatuses: [
                    .init(name: "wait-for-erp", state: .init(terminated: .init(exitCode: 2, message: "no route")))
                ])
        }
        let stage = plan(job: Self.job.failed(), pods: [pod], at: 5).status?.stages?.first
        #expect(stage?.message == "container wait-for-erp: exit code 2: no route")
    }
}
