import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct WaitingTests {
    static let request = ReportRequest.fixture(.chain("a")).running("a")
    static let job = Job.fixture(of: request, stage: "a")
    static let pending = Pod.fixture(of: request, stage: "a").with { $0.status = Pod.Status(phase: "Pending") }
    static let placed = pending.with {
        $0.status?.conditions = [
            Condition(
                type: "PodScheduled", status: "True", reason: "", message: "", lastTransitionTime: nil,
                observedGeneration: nil)
        ]
    }

    static func plan(
        _ pods: [Pod] = [], of request: ReportRequest = request, job: Job = job,
        obstacles: [String: ObservedRun.Obstacle] = [:], seen: [String: Timestamp] = [:], after seconds: Int64
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request, jobs: [job], pods: pods, obstacles: obstacles, seen: seen),
            now: .start.after(seconds))
    }

    static func refused(_ reads: Int = 1, at seconds: Int64 = 10) -> [String: ObservedRun.Obstacle] {
        let warning = ObservedRun.Obstacle.Warning(
            reason: "FailedCreate", message: "pods \"a-\" is forbidden: exceeded quota: memory")
        return [job.metadata.uid: .init(warning: warning, readAt: .start.after(seconds), reads: reads)]
    }

    @Test func aJobWithoutPodsIsAskedForItsEventsOnceItHasLasted() {
        #expect(Self.plan(after: 9).actions.isEmpty)
        #expect(Self.plan(after: 9).wakeAt == .start.after(10))
        let asked = Self.plan(after: 10)
        #expect(
            asked.actions == [
                .readEvents(of: .init(kind: "Job", name: Self.job.metadata.name, uid: Self.job.metadata.uid))
            ])
        #expect(asked.wakeAt == .start.after(11))
    }

    @Test func itsStatusNamesWhatTheEventsSay() {
        let plan = Self.plan(obstacles: Self.refused(), after: 11)
        #expect(plan.actions.isEmpty)
        #expect(plan.status?.reason == Reason.stageNotStarting)
        #expect(plan.status?.stages?.first?.reason == "FailedCreate")
        #expect(
            plan.status?.message
                == "a can't start: FailedCreate: pods \"a-\" is forbidden: exceeded quota: memory")
    }

    @Test(arguments: [(1, 20), (2, 40), (3, 80), (9, 300)])
    func eventsAreReadEverMoreSeldom(reads: Int, pause: Int64) {
        let known = Self.refused(reads, at: 100)
        #expect(Self.plan(obstacles: known, after: 100 + pause - 1).actions.isEmpty)
        #expect(Self.plan(obstacles: known, after: 100 + pause - 1).wakeAt == .start.after(100 + pause))
        #expect(Self.plan(obstacles: known, after: 100 + pause).kinds == ["readEvents"])
    }

    @Test func aPodThatIsPlacedAndDoesNotStartIsAskedForItsEvents() {
        #expect(Self.plan([Self.placed], after: 10).kinds == ["readEvents"])
        let warning = ObservedRun.Obstacle.Warning(
            reason: "FailedMount", message: "MountVolume.SetUp failed for volume \"v\": secret \"nope\" not found")
        let plan = Self.plan(
            [Self.placed],
            obstacles: [Self.placed.metadata.uid: .init(warning: warning, readAt: .start.after(10))], after: 11)
        #expect(plan.status?.message?.contains("secret \"nope\" not found") == true)
    }

    @Test func aPodThatNoSchedulerLooksAtSaysSo() {
        let plan = Self.plan([Self.pending], after: 10)
        #expect(plan.actions.isEmpty)
        #expect(plan.status?.stages?.first?.reason == "NotScheduled")
        #expect(plan.status?.message?.contains("the scheduler \"default-scheduler\" is installed") == true)
    }

    @Test func aPodBehindAGateSaysSo() {
        let gated = Self.pending.with {
            $0.status?.conditions = [
                Condition(
                    type: "PodScheduled", status: "False", reason: "SchedulingGated",
                    message: "Scheduling is blocked due to non-empty scheduling gates", lastTransitionTime: nil,
                    observedGeneration: nil)
            ]
        }
        let plan = Self.plan([gated], after: 10)
        #expect(plan.status?.stages?.first?.reason == "SchedulingGated")
        #expect(plan.status?.message?.contains("pod \(gated.metadata.name) is held back by a scheduling gate") == true)
    }

    @Test func aJobWithoutAPodAndWithoutAWarningSaysSoMuch() {
        let plan = Self.plan(obstacles: [Self.job.metadata.uid: .init(readAt: .start.after(10))], after: 11)
        #expect(plan.status?.stages?.first?.reason == Reason.noPod)
        #expect(plan.status?.message?.contains("has no pod, and no event says why") == true)
    }

    /// Between the end of a Job's time, when its pods are taken away, and its Failed.
    @Test func whatKeptAPodFromStartingStaysUntilItsJobHasFailed() {
        var pipeline = PipelineSpec.chain("a")
        pipeline.stages[0].timeout = ReportDuration("45s")
        let request = ReportRequest.fixture(pipeline).running("a").status { status in
            status.stages?[0].reason = "ImagePullBackOff"
            status.stages?[0].message = "ImagePullBackOff: etl:1 can't be pulled"
        }
        let job = Job.fixture(of: request, stage: "a")
        let known = [job.metadata.uid: ObservedRun.Obstacle(readAt: .start.after(10))]
        let announced = job.condition("FailureTarget", "DeadlineExceeded", at: .start.after(45))
        for (job, seconds) in [(announced, 44), (job, 45)] as [(Job, Int64)] {
            let plan = RunPlanner.plan(
                ObservedRun(request: request, jobs: [job], obstacles: known), now: .start.after(seconds))
            #expect((plan.status ?? request.status)?.stages?.first?.reason == "ImagePullBackOff", "\(seconds)")
        }
        let failed = RunPlanner.plan(
            ObservedRun(
                request: request, jobs: [announced.failed("DeadlineExceeded", at: .start.after(46))], obstacles: known),
            now: .start.after(46))
        #expect(
            failed.status?.message
                == "a failed: DeadlineExceeded: it did not end within its timeout of 45s; ImagePullBackOff: etl:1 can't be pulled"
        )
        // One that had started has no such cause, and nothing is said of its pod, either.
        let running = ReportRequest.fixture(pipeline).running("a")
        let gone = RunPlanner.plan(
            ObservedRun(request: running, jobs: [announced], obstacles: known), now: .start.after(45))
        #expect((gone.status ?? running.status)?.stages?.first?.message == nil)
        let late = RunPlanner.plan(
            ObservedRun(request: running, jobs: [announced.failed("DeadlineExceeded", at: .start.after(46))]),
            now: .start.after(46))
        #expect(late.status?.message == "a failed: DeadlineExceeded: it did not end within its timeout of 45s")
    }

    // MARK: Volume claims

    static let claiming: ReportRequest = {
        let volumes: JSONValue = .array([
            .object(["persistentVolumeClaim": .object(["claimName": .string("ledger")])])
        ])
        var pipeline = PipelineSpec.chain("a")
        pipeline.stages[0].podTemplate = .object(["spec": .object(["volumes": volumes])])
        return ReportRequest.fixture(pipeline).running("a")
    }()

    @Test func aClaimThatIsNotBoundIsNamedWithWhatItsEventsSay() {
        let unbound = Self.pending.unschedulable("pod has unbound immediate PersistentVolumeClaims")
        let asked = Self.plan([unbound], of: Self.claiming, after: 10)
        #expect(asked.actions == [.readEvents(of: .init(kind: "PersistentVolumeClaim", name: "ledger"))])
        #expect(
            asked.status?.message
                == "a can't start: Unschedulable: pod has unbound immediate PersistentVolumeClaims; its volume claims: ledger"
        )
        let warning = ObservedRun.Obstacle.Warning(
            reason: "ProvisioningFailed", message: "storageclass.storage.k8s.io \"fast\" not found")
        let told = Self.plan(
            [unbound], of: Self.claiming,
            obstacles: ["PersistentVolumeClaim/ledger": .init(warning: warning, readAt: .start.after(10))], after: 11)
        #expect(
            told.status?.message
                == "a can't start: ProvisioningFailed: volume claim ledger: storageclass.storage.k8s.io \"fast\" not found"
        )
    }

    /// The scheduler says nothing while a volume is being made.
    @Test func aPodThatWaitsForItsVolumeNamesTheClaim() {
        let plan = Self.plan([Self.pending], of: Self.claiming, after: 10)
        #expect(plan.status?.stages?.first?.reason == "NotScheduled")
        #expect(plan.status?.message?.contains("bound: ledger") == true)
    }

    // MARK: Clocks

    /// Seconds by which the operator's clock is ahead of Kubernetes'.
    @Test(arguments: [3600, -1200] as [Int64])
    func patienceCountsByTheOperatorsClock(skew: Int64) {
        let gated = Self.pending.unschedulable().with { $0.metadata.uid = "p" }
        let seen = ["p": Timestamp.start.after(skew), Self.job.metadata.uid: .start.after(skew)]
        #expect(Self.plan([gated], seen: seen, after: skew + 9).status == nil)
        #expect(Self.plan([gated], seen: seen, after: skew + 10).status?.stages?.first?.reason == "Unschedulable")
        #expect(Self.plan(seen: seen, after: skew + 9).actions.isEmpty)
        #expect(Self.plan(seen: seen, after: skew + 10).kinds == ["readEvents"])
    }

    @Test(arguments: [3600, -1200] as [Int64])
    func thePodsWordIsWaitedForAMomentByWhateverClock(skew: Int64) {
        let failed = Self.job.failed(at: .start.after(5))
        #expect(Sightings(of: [failed], [], nil).present == [failed.metadata.uid, "\(failed.metadata.uid)/ended"])
        let seen = ["\(failed.metadata.uid)/ended": Timestamp.start.after(skew + 5)]
        let early = Self.plan(job: failed, seen: seen, after: skew + 7)
        #expect(early.isEmpty)
        #expect(early.wakeAt == .start.after(skew + 8))
        #expect(Self.plan(job: failed, seen: seen, after: skew + 8).status?.stages?.first?.phase == .failed)
    }

    @Test func aSuspendedJobSaysSo() {
        let suspended = Self.job.condition("Suspended", "JobSuspended", "Job suspended", at: .start)
        let plan = Self.plan(job: suspended, after: 10)
        #expect(plan.status?.stages?.first?.reason == "JobSuspended")
        #expect(plan.status?.message?.contains("spec.suspend") == true)
    }

    @Test func aRunThatTimesOutKeepsWhatKeptItFromStarting() {
        var pipeline = PipelineSpec.chain("a")
        pipeline.timeout = ReportDuration("60s")
        var request = ReportRequest.fixture(pipeline).running("a")
        request.status?.stages?[0].reason = "FailedCreate"
        request.status?.stages?[0].message = "FailedCreate: exceeded quota: memory"
        request.status?.reason = Reason.timedOut
        let plan = RunPlanner.plan(ObservedRun(request: request), now: .start.after(61))
        #expect(plan.status?.phase == .failed)
        #expect(plan.status?.message?.contains("; a: couldn't start: FailedCreate: exceeded quota: memory") == true)
    }

    @Test func anInitContainerThatFailsIsNamed() {
        let state = Pod.ContainerStatus.State(terminated: .init(exitCode: 2, reason: "Error", message: "no such table"))
        let pod = Self.pending.with { pod in
            pod.status = Pod.Status(
                phase: "Failed", initContainerStatuses: [.init(name: "migrate", state: state)],
                containerStatuses: [.init(name: "stage", state: .init(waiting: .init(reason: "PodInitializing")))])
        }
        let plan = Self.plan([pod], job: Self.job.failed(), after: 5)
        #expect(plan.status?.stages?.first?.message == "container migrate: exit code 2: no such table")
    }
}
