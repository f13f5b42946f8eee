import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Runs of scope `Shared`.
struct SharedLockTests {
    private static let finalizer = ReportsAPI.Finalizer.sharedLock
    static let pipeline = PipelineSpec.chain("a", "b").concurrency(key: "erp", scope: .shared)
    static let new = ReportRequest.fixture(pipeline)
    static let group = ConcurrencyGroup(namespace: "finance", pipeline: pipeline, name: "x")
    /// Accepted, guarded and about to ask for the lock.
    static let queued = new.applying(
        RunPlanner.plan(ObservedRun(request: new, lock: .idle), now: .start)
    ).with { $0.metadata.finalizers = [finalizer] }
    static let started = queued.applying(
        RunPlanner.plan(ObservedRun(request: queued, lock: .held(fence: 7)), now: .start))

    private func plan(_ request: ReportRequest, _ lock: ObservedRun.Lock, queue: ObservedRun.Queue = .init()) -> RunPlan
    {
        RunPlanner.plan(
            ObservedRun(
                request: request,
                jobs: (request.status?.stages ?? []).filter { $0.phase == .running }.map {
                    Job.fixture(of: request, stage: $0.name)
                },
                queue: queue, lock: lock),
            now: .start.after(9))
    }

    @Test func finalizerIsOnBeforeTheLockIsAskedFor() {
        let first = plan(Self.new, .idle)
        #expect(first.actions == [])
        #expect(first.status?.phase == .queued)
        let accepted = Self.new.applying(first)
        #expect(plan(accepted, .idle).actions == [.setFinalizers([Self.finalizer])])
        #expect(plan(Self.queued, .idle).actions == [.takeSharedLock(Self.group)])
    }

    @Test func runStartsWithTheLockAndPinsItsFence() {
        #expect(Self.started.status?.phase == .running)
        #expect(Self.started.status?.fence == 7)
        let plan = plan(Self.started, .held(fence: 7))
        #expect(plan.starts(of: Self.started) == ["a"])
        guard case .createJob(_, let manifest) = plan.actions.first else { return #expect(Bool(false)) }
        let environment = manifest["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["env"]?.array ?? []
        #expect(environment.contains(.object(["name": .string("REPORT_FENCE"), "value": .string("7")])))
    }

    @Test func waiterSaysWhatItWaitsForAndAsksOnce() {
        let waiting = plan(Self.queued, .waiting(reason: Reason.sharedLockUnavailable, message: "Redis is away"))
        #expect(waiting.actions == [])
        #expect(waiting.status?.phase == .queued)
        #expect(waiting.status?.reason == Reason.sharedLockUnavailable)
        #expect(waiting.status?.message == "Redis is away")
    }

    @Test func whoIsNotNextHereDoesNotStandInTheLineOfAllClusters() {
        let busy = ObservedRun.Queue(holders: 1)
        #expect(plan(Self.queued, .idle, queue: busy).actions == [])
        let waiting = ObservedRun.Lock.waiting(reason: Reason.waitingForSharedLock, message: "waits")
        #expect(plan(Self.queued, waiting, queue: busy).actions == [.releaseSharedLock(Self.group)])
        // Who has it already isn't sent back.
        #expect(plan(Self.queued, .held(fence: 7), queue: busy).status?.phase == .running)
    }

    static let running = started.running("a").status { $0.fence = 7 }

    @Test func restartedOperatorConfirmsTheHoldBeforeItStartsAnything() {
        let restarted = plan(Self.started, .idle)
        #expect(restarted.actions == [.keepSharedLock(Self.group, fence: 7)])
        #expect(restarted.status?.reason == Reason.waitingForSharedLock)
        #expect(plan(Self.running, .idle).kinds == ["keepSharedLock"])
    }

    /// What still runs of a run that is being stopped must keep its lock too.
    @Test func restartedOperatorKeepsTheLockOfARunThatIsBeingStopped() {
        let cancelling = Self.running.cancelling()
        let first = plan(cancelling, .held(fence: 7))
        let stopping = cancelling.applying(first)
        #expect(stopping.status?.phase == .cancelling)
        #expect(plan(stopping, .idle).kinds.first == "keepSharedLock")
        #expect(plan(stopping, .held(fence: 7)).kinds == ["deleteJob"])
        let failing = Self.running.failed("a")
        #expect(plan(failing, .idle).kinds.contains("keepSharedLock"))
    }

    static let unconfirmed: [ObservedRun.Lock] = [
        .notConfigured, .waiting(reason: Reason.sharedLockUnavailable, message: "Redis is away"),
    ]

    @Test(arguments: unconfirmed) func noStageStartsWithoutTheLockAndTheOneThatRunsGoesOn(lock: ObservedRun.Lock) {
        let next = Self.started.running(succeeded: ["a"]).status { $0.fence = 7 }
        let held = plan(next, lock)
        #expect(held.actions == [])
        let status = held.status ?? next.status
        #expect(status?.phase == .running)
        #expect(status?.reason == Reason.sharedLockUnavailable)
        #expect(status?.message?.hasPrefix("b can't start yet: ") == true)
        #expect(plan(next, .held(fence: 7)).starts(of: next) == ["b"])
        #expect(plan(Self.running, lock).actions == [])
        #expect((plan(Self.running, lock).status ?? Self.running.status)?.reason == Reason.stageRunning)
    }

    @Test func runWhoseLockWasTakenOverIsStopped() {
        let first = plan(Self.running, .lost)
        #expect(first.actions == [])
        #expect(first.status?.reason == Reason.sharedLockLost)
        let second = plan(Self.running.applying(first), .lost)
        #expect(second.kinds == ["deleteJob"])
        let end = RunPlanner.plan(
            ObservedRun(request: Self.running.applying(first), lock: .lost), now: .start.after(20))
        #expect(end.status?.phase == .failed)
        #expect(end.status?.reason == Reason.sharedLockLost)
        #expect(end.status?.stages?.map(\.phase) == [.cancelled, .skipped])
    }

    @Test func lockIsGivenBackAfterTheEndAndThenTheFinalizerGoes() {
        let ended = Self.running.failed("a").ended(.failed)
        for lock in [ObservedRun.Lock.held(fence: 7), .idle, .lost] {
            #expect(plan(ended, lock).actions == [.releaseSharedLock(Self.group)])
        }
        #expect(plan(ended, .releasing).isEmpty)
        for lock in [ObservedRun.Lock.released, .notConfigured] {
            #expect(plan(ended, lock).actions == [.setFinalizers([])])
        }
    }
}
