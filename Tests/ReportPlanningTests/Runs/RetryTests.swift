import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct RetryTests {
    static let failed = ReportRequest.fixture(.chain("a", "b", "c"))
        .running("b", succeeded: ["a"]).failed("b").ended(.failed, at: .start.after(50))

    @Test func newAttemptResumesAtTheFirstStageThatDidNotSucceed() throws {
        let request = Self.failed.attempt(2)
        let first = RunPlanner.plan(ObservedRun(request: request), now: .start.after(100))
        #expect(first.actions == [])
        #expect(first.status?.phase == .running)
        #expect(first.status?.attempt == 2)
        #expect(first.status?.queuedAt == .start.after(100))
        #expect(first.status?.startedAt == nil)
        #expect(first.status?.completedAt == nil)
        #expect(first.status?.duration == nil)
        #expect(first.status?.conditions?.map(\.type) == ["Accepted", "Recorded"])
        #expect(first.status?.stages?.map(\.phase) == [.succeeded, .pending, .pending])
        #expect(first.status?.stages?.map(\.attempt) == [1, 2, 2])
        // What becomes nothing in the status stays in the earlier attempt: its transitions, and the stage that failed.
        #expect(
            first.status?.previousAttempts == [
                PreviousAttempt(
                    attempt: 1, phase: .failed, reason: Reason.stageFailed, startedAt: .start,
                    completedAt: .start.after(50),
                    transitions: [PhaseTransition(phase: .running, at: .start, reason: Reason.accepted)],
                    stages: [try #require(Self.failed.stage("b"))])
            ])
        #expect(
            first.status?.transitions == [
                PhaseTransition(phase: .running, at: .start.after(100), reason: Reason.accepted)
            ])
        let started = request.applying(first)
        let jobs = [
            Job.fixture(of: request, stage: "a").complete(), Job.fixture(of: request, stage: "b").failed(),
        ]
        let second = RunPlanner.plan(ObservedRun(request: started, jobs: jobs), now: .start.after(110))
        #expect(second.starts(of: started) == ["b"])
        #expect(second.status?.startedAt == .start.after(110))
        #expect(second.status?.stages?[1].job == request.jobName("b", attempt: 2))
    }

    @Test func resumedRunWaitsForItsTurn() {
        let plan = RunPlanner.plan(
            ObservedRun(request: Self.failed.attempt(2), queue: .init(holders: 1)), now: .start)
        #expect(plan.status?.phase == .queued)
        #expect(plan.status?.reason == Reason.waitingForTurn)
    }

    static let untouched: [ReportRequest] = [
        failed, failed.attempt(1), failed.attempt(2).cancelling(), failed.attempt(2).deleting(),
        ReportRequest.fixture(.chain("a")).running(succeeded: ["a"]).ended(.succeeded).attempt(2),
        ReportRequest.fixture().attempt(3).queued().ended(.cancelled).attempt(2),
    ]

    @Test(arguments: untouched) func terminalRunNeverChangesOtherwise(request: ReportRequest) {
        let before = request.status
        let stray = [Job.fixture(of: request, stage: "a"), Job.fixture(of: request, stage: "b").failed()]
        for jobs in [[], stray] {
            let plan = RunPlanner.plan(ObservedRun(request: request, jobs: jobs), now: .start.after(99_999))
            // A Job that goes on though its run is over was created by an answer that came too late: it is stopped.
            #expect(plan.kinds == (jobs.isEmpty ? [] : ["deleteJob"]))
            #expect(plan.status?.phase ?? before?.phase == before?.phase)
            #expect((plan.status ?? before)?.runMessage == before?.runMessage)
            #expect(plan.status?.completedAt ?? before?.completedAt == before?.completedAt)
            #expect(plan.status?.observedGeneration ?? request.metadata.generation == request.metadata.generation)
        }
    }

    @Test func finishedRequestIsDeletedWhenItsTimeIsOver() {
        let request = Self.failed.expiring(after: 3600).status { $0.observedGeneration = 2 }
        let early = RunPlanner.plan(ObservedRun(request: request), now: .start.after(3649))
        #expect(early.actions == [])
        #expect(early.wakeAt == .start.after(3650))
        #expect(RunPlanner.plan(ObservedRun(request: request), now: .start.after(3650)).actions == [.deleteRequest])
        let going = request.deleting()
        #expect(RunPlanner.plan(ObservedRun(request: going), now: .start.after(3650)).actions == [])
        #expect(RunPlanner.plan(ObservedRun(request: request.attempt(2)), now: .start.after(3650)).actions == [])
    }

    @Test func runThatGoesOnHasNoEndToCountFrom() {
        let request = ReportRequest.fixture(.chain("a")).running("a").expiring(after: 0)
        let plan = RunPlanner.plan(
            ObservedRun(
                request: request, jobs: [Job.fixture(of: request, stage: "a")],
                pods: [Pod.fixture(of: request, stage: "a").running()]), now: .start.after(99))
        #expect(plan.actions == [])
    }

    @Test func cancelledRunTellsHowToResumeAndDoes() {
        let request = ReportRequest.fixture(.chain("a", "b")).running("a").cancelling()
        let saying = RunPlanner.plan(
            ObservedRun(request: request, jobs: [Job.fixture(of: request, stage: "a")]), now: .start)
        let cancelling = request.applying(saying)
        #expect(cancelling.status?.message == "cancelling: what still runs is being stopped")
        let takenBack = RunPlanner.plan(
            ObservedRun(request: cancelling.cancelling(false), jobs: [Job.fixture(of: request, stage: "a")]),
            now: .start)
        #expect(takenBack.kinds == ["deleteJob"], "a cancellation that has begun goes to its end")
        let end = cancelling.applying(RunPlanner.plan(ObservedRun(request: cancelling), now: .start))
        #expect(end.status?.phase == .cancelled)
        #expect(
            end.status?.message
                == "cancelled while a ran; to resume, set spec.cancel to false and raise spec.attempt")
        #expect(end.status?.condition(.failed)?.reason == Reason.cancelledByUser)
        let resumed = RunPlanner.plan(ObservedRun(request: end.cancelling(false).attempt(2)), now: .start)
        #expect(resumed.status?.phase == .running)
        #expect(resumed.status?.condition(.failed) == nil)
    }

    static let stops: [(String, ReportRequest)] = [
        ("unseen", .fixture()), ("queued", .fixture().queued()), ("started", .fixture().started()),
        ("running", .fixture().running("extract")),
        ("between", .fixture().running(succeeded: ["extract"])),
        ("failing", .fixture(.wide("a", "b")).running("b").failed("a")),
    ]

    @Test(arguments: stops) func requestIsCancelledOrDeletedAtEveryPoint(point: String, request: ReportRequest) {
        for (stopped, reason) in [
            (request.cancelling(), Reason.cancelledByUser), (request.deleting(), Reason.requestDeleted),
        ] {
            var current = stopped
            for _ in 0..<3 {
                current = current.applying(RunPlanner.plan(ObservedRun(request: current), now: .start.after(5)))
            }
            #expect(current.status?.phase == .cancelled, "\(point)")
            #expect(current.status?.reason == reason, "\(point)")
            #expect(current.status?.completedAt == .start.after(5))
            #expect(RunPlanner.plan(ObservedRun(request: current), now: .start.after(9)).isEmpty)
        }
    }
}
