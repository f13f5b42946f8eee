import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// A stage that can't start fails with what keeps it, and lets others have its place.
struct StartTimeoutTests {
    private static let request = ReportRequest.fixture(
        .chain("a", "b").stage("a") { $0.startTimeout = ReportDuration("15m") }
    ).running("a")
    private static let job = Job.fixture(of: request, stage: "a")
    private static let pod = Pod.fixture(of: request, stage: "a").with {
        $0.metadata.uid = "pod-1"
        $0.status = Pod.Status(phase: "Pending")
    }

    private func plan(
        _ request: ReportRequest = request, job: Job? = job, pods: [Pod] = [],
        obstacles: [String: ObservedRun.Obstacle] = [:], seen: [String: Timestamp] = [:], at seconds: Int64
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(
                request: request, jobs: job.map { [$0] } ?? [], pods: pods, obstacles: obstacles, seen: seen),
            now: .start.after(seconds))
    }

    @Test func anImageThatCanNotBePulledFailsTheStageInTime() {
        let pods = [Self.pod.waiting("ImagePullBackOff")]
        let waits = plan(pods: pods, at: 899)
        #expect(waits.status?.stages?.first?.phase == .running)
        let request = Self.request.applying(waits)
        let failed = plan(request, pods: pods, at: 900)
        let stage = failed.status?.stages?.first
        #expect(stage?.phase == .failed && stage?.reason == "ImagePullBackOff")
        #expect(
            stage?.message?.hasPrefix("it did not start within 15m (startTimeout): ImagePullBackOff: ") == true,
            "\(stage?.message ?? "")")
        #expect(failed.actions == [], "stored before anything is deleted for it")
        let stored = request.applying(failed)
        let stopping = plan(stored, pods: pods, at: 901)
        #expect(stopping.kinds == ["deleteJob"])
        #expect(
            plan(stored.applying(stopping), job: Self.job.deleting(at: .start.after(901)), pods: pods, at: 902).isEmpty)
        let ended = plan(stored, job: nil, at: 903)
        #expect(ended.status?.phase == .failed && ended.status?.reason == Reason.stageFailed)
        #expect(ended.status?.message?.hasPrefix("a failed: it did not start within 15m") == true)
        #expect(ended.status?.stages?.last?.phase == .skipped)
    }

    @Test func withoutOneItIsHalfAnHour() {
        let request = ReportRequest.fixture(.chain("a")).running("a")
        let job = Job.fixture(of: request, stage: "a")
        let pod = Pod.fixture(of: request, stage: "a").with { $0.status = Pod.Status(phase: "Pending") }.unschedulable()
        #expect(plan(request, job: job, pods: [pod], at: 1799).status?.stages?.first?.phase == .running)
        let failed = plan(request, job: job, pods: [pod], at: 1800).status?.stages?.first
        #expect(failed?.phase == .failed && failed?.reason == "Unschedulable")
    }

    @Test func aQuotaThatForbidsThePodIsNamed() {
        let warning = ObservedRun.Obstacle.Warning(reason: "FailedCreate", message: "exceeded quota: memory")
        let known = [Self.job.metadata.uid: ObservedRun.Obstacle(warning: warning, readAt: .start.after(890))]
        let stage = plan(obstacles: known, at: 900).status?.stages?.first
        #expect(stage?.phase == .failed && stage?.reason == "FailedCreate")
        #expect(stage?.message?.contains("exceeded quota: memory") == true)
    }

    @Test func aVolumeThatCanNotBeMountedIsNamed() {
        let warning = ObservedRun.Obstacle.Warning(reason: "FailedMount", message: "secret \"nope\" not found")
        let placed = Self.pod.with {
            $0.status?.conditions = [
                Condition(
                    type: "PodScheduled", status: "True", reason: "", message: "", lastTransitionTime: nil,
                    observedGeneration: nil)
            ]
        }
        let known = ["pod-1": ObservedRun.Obstacle(warning: warning, readAt: .start.after(890))]
        let stage = plan(pods: [placed], obstacles: known, at: 900).status?.stages?.first
        #expect(stage?.phase == .failed && stage?.reason == "FailedMount")
    }

    /// Nothing says why, and it ends all the same.
    @Test func aPodThatJustDoesNotStartEndsToo() {
        let creating = Self.pod.with {
            $0.status?.containerStatuses = [
                .init(name: "stage", state: .init(waiting: .init(reason: "ContainerCreating")))
            ]
        }
        let stage = plan(pods: [creating], at: 900).status?.stages?.first
        #expect(stage?.phase == .failed && stage?.reason == Reason.notStarted)
        #expect(stage?.message?.contains("nothing says why") == true)
    }

    @Test func whatRunsOrHasRunIsLeftAlone() {
        #expect(plan(pods: [Self.pod.running()], at: 9000).status?.stages?.first?.phase != .failed)
        let initialising = Self.pod.with {
            $0.status?.initContainerStatuses = [.init(name: "migrate", state: .init())]
            $0.status?.containerStatuses = [own("PodInitializing")]
        }
        #expect(plan(pods: [initialising], at: 9000).status?.stages?.first?.phase != .failed)
        let ended = [Self.pod.failed(exitCode: 1)]
        #expect(plan(pods: ended, at: 9000).status?.stages?.first?.phase != .failed, "the Job makes the next")
    }

    private func own(_ reason: String) -> Pod.ContainerStatus {
        .init(name: "stage", state: .init(waiting: .init(reason: reason)))
    }

    /// What was done before it has its own time.
    @Test func aStageThatCanNotStartAfterItsInitContainersFailsInTime() {
        let pod = Self.pod.with {
            $0.metadata.creationTimestamp = .start
            $0.status?.initContainerStatuses = [
                .init(name: "fetch", state: .init(terminated: .init(exitCode: 0, finishedAt: .start.after(600))))
            ]
            $0.status?.containerStatuses = [own("ImagePullBackOff")]
        }
        #expect(plan(pods: [pod], at: 1499).status?.stages?.first?.phase == .running)
        let stage = plan(pods: [pod], at: 1500).status?.stages?.first
        #expect(stage?.phase == .failed && stage?.reason == "ImagePullBackOff")
    }

    @Test func whatRunsBesideAStageIsNoBeginningOfIt() {
        let proxied = Self.pod.with {
            $0.status?.containerStatuses = [own("ImagePullBackOff"), .init(name: "proxy", state: .init())]
        }
        let native = Self.pod.with {
            $0.status?.initContainerStatuses = [.init(name: "proxy", state: .init())]
            $0.status?.containerStatuses = [own("ErrImagePull")]
        }
        let nextOne = Self.pod.with {
            $0.status?.initContainerStatuses = [
                .init(name: "proxy", state: .init()),
                .init(name: "fetch", state: .init(waiting: .init(reason: "ImagePullBackOff"))),
            ]
            $0.status?.containerStatuses = [own("PodInitializing")]
        }
        for pod in [proxied, native, nextOne] {
            #expect(plan(pods: [pod], at: 899).status?.stages?.first?.phase == .running)
            #expect(plan(pods: [pod], at: 900).status?.stages?.first?.phase == .failed)
        }
    }

    @Test func whatIsHeldBackOnPurposeIsWaitedFor() {
        let gated = Self.pod.with {
            $0.status?.conditions = [
                Condition(
                    type: "PodScheduled", status: "False", reason: "SchedulingGated", message: "",
                    lastTransitionTime: nil, observedGeneration: nil)
            ]
        }
        #expect(plan(pods: [gated], at: 9000).status?.stages?.first?.phase == .running)
        let suspended = Self.job.condition("Suspended", "JobSuspended", "Job suspended", at: .start)
        #expect(plan(job: suspended, at: 9000).status?.stages?.first?.phase == .running)
    }

    /// A second try has its own time.
    @Test func itCountsFromTheNewestPod() {
        let second = Self.pod.waiting("ImagePullBackOff").with {
            $0.metadata.name = "second"
            $0.metadata.uid = "pod-2"
            $0.metadata.creationTimestamp = .start.after(800)
        }
        let pods = [Self.pod.failed(exitCode: 1), second]
        #expect(plan(pods: pods, at: 1699).status?.stages?.first?.phase == .running)
        #expect(plan(pods: pods, at: 1700).status?.stages?.first?.phase == .failed)
    }

    @Test(arguments: [3600, -1200] as [Int64]) func itCountsByTheOperatorsClock(skew: Int64) {
        let pods = [Self.pod.waiting("ImagePullBackOff")]
        let seen = ["pod-1": Timestamp.start.after(skew)]
        #expect(plan(pods: pods, seen: seen, at: skew + 899).status?.stages?.first?.phase == .running)
        #expect(plan(pods: pods, seen: seen, at: skew + 900).status?.stages?.first?.phase == .failed)
    }

    @Test func itIsLookedAtAgainWhenTheTimeIsOver() {
        let request = Self.request.applying(plan(pods: [Self.pod.waiting("ImagePullBackOff")], at: 20))
        #expect(plan(request, pods: [Self.pod.waiting("ImagePullBackOff")], at: 30).wakeAt == .start.after(900))
    }
}
