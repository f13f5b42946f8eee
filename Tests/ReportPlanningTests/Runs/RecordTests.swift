import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import TestSupport
import Testing

/// What the condition `Recorded` says and when, and what the record's finalizer keeps.
struct RecordTests {
    private static let recordFinalizer = ReportsAPI.Finalizer.record

    private func plan(
        _ request: ReportRequest, _ record: ObservedRun.Record, after seconds: Int64 = 0
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(
                request: request,
                jobs: (request.status?.stages ?? []).filter { $0.phase == .running }.map {
                    Job.fixture(of: request, stage: $0.name)
                },
                record: record),
            now: .start.after(seconds))
    }

    private func recorded(_ status: ReportRequestStatus?) -> Condition? {
        status?.condition(.recorded)
    }

    static let guarded = ReportRequest.fixture(.chain("a", "b")).with { $0.metadata.finalizers = [recordFinalizer] }
    /// Under way since a moment ago, and not recorded yet.
    static let running: ReportRequest = {
        let request = guarded.running("a")
        let jobs = [Job.fixture(of: request, stage: "a")]
        return request.applying(
            RunPlanner.plan(ObservedRun(request: request, jobs: jobs, record: .pending), now: .start))
    }()
    static let ended = running.failed("a").ended(.failed, at: .start.after(50))

    @Test func finalizerComesBeforeEverythingElse() {
        let new = ReportRequest.fixture().with { $0.metadata.finalizers = ["example.org/other"] }
        for record in [ObservedRun.Record.pending, .unavailable("away")] {
            let plan = plan(new, record)
            #expect(plan.actions == [.setFinalizers(["example.org/other", Self.recordFinalizer])])
            #expect(plan.status == nil)
        }
        #expect(plan(new, .notConfigured).actions == [])
        #expect(plan(new.deleting(), .pending).status?.phase == .cancelled)
    }

    @Test func withoutMongoDBTheConditionSaysSo() {
        let condition = recorded(plan(.fixture(), .notConfigured).status)
        #expect(condition?.status == "False")
        #expect(condition?.reason == Reason.notConfigured)
    }

    @Test func conditionOfARunThatGoesOnWaitsForAnotherWriteAndAtMostSomeSeconds() {
        #expect(recorded(Self.running.status)?.reason == Reason.recordPending)
        let early = plan(Self.running, .stored, after: 1)
        #expect(early.status == nil)
        #expect(early.wakeAt == .start.after(5))
        let due = plan(Self.running, .stored, after: 5)
        #expect(recorded(due.status)?.status == "True")
        #expect(recorded(due.status)?.reason == Reason.recorded)
        #expect(plan(Self.running.applying(due), .stored, after: 6).isEmpty)
    }

    @Test func whenTheSourceWasReadIsWrittenWithTheEndThatIsStored() throws {
        let jobs = ["a", "b"].map { Job.fixture(of: Self.running, stage: $0).complete() }
        func observed(_ request: ReportRequest, _ record: ObservedRun.Record) -> RunPlan {
            RunPlanner.plan(
                ObservedRun(request: request, jobs: jobs, record: record, asOf: .start.after(2)), now: .start.after(60))
        }
        var request = Self.running
        for _ in 0..<3 where request.status?.isTerminal != true {
            request = request.applying(observed(request, .pending))
        }
        #expect(request.status?.phase == .succeeded && request.status?.asOf == nil)
        let stored = request.applying(observed(request, .stored))
        #expect(stored.status?.isRecorded == true && stored.status?.asOf == .start.after(2))
        #expect(observed(stored, .stored).isEmpty)
        #expect(plan(Self.ended, .stored, after: 60).status?.asOf == nil)
    }

    @Test func troubleIsSaidAtOnceAndNotRepeated() {
        let plan = plan(Self.running, .unavailable("MongoDB is away"))
        #expect(recorded(plan.status)?.reason == Reason.storeUnavailable)
        #expect(recorded(plan.status)?.message == "MongoDB is away")
        #expect(plan.status?.phase == .running)
        let next = Self.running.applying(plan)
        #expect(self.plan(next, .unavailable("MongoDB is away"), after: 9).isEmpty)
        #expect(self.plan(next, .pending, after: 9).isEmpty)
        let other = self.plan(next, .unavailable("the password is wrong"), after: 9).status
        #expect(recorded(other)?.message == "the password is wrong")
        #expect(recorded(other)?.lastTransitionTime == .start)
    }

    @Test func endCountsAsRecordedOnlyOnceItIsStored() {
        // What is stored is about the run as it was before this pass.
        let done = Self.running.status { $0.stages = $0.stages?.map { stage in stage.succeededForTest() } }
        let end = plan(done, .stored, after: 60)
        #expect(end.status?.phase == .succeeded)
        #expect(recorded(end.status)?.reason == Reason.recordPending)
        let ended = done.applying(end)
        #expect(plan(ended, .pending, after: 61).isEmpty)
        let stored = plan(ended, .stored, after: 61)
        #expect(recorded(stored.status)?.status == "True")
        #expect(!ended.isRecordedForGood)
        #expect(ended.applying(stored).isRecordedForGood)
    }

    @Test(arguments: [ObservedRun.Record.pending, .unavailable("away"), .notConfigured])
    func deletedRequestStaysUntilItsEndAndItsDeletionAreStored(record: ObservedRun.Record) {
        let deleted = Self.ended.deleting(at: .start.after(70))
        #expect(!plan(deleted, record, after: 80).kinds.contains("setFinalizers"))
        #expect(plan(deleted, .stored, after: 80).actions == [.setFinalizers([])])
        #expect(!plan(Self.ended, .stored, after: 80).kinds.contains("setFinalizers"))
    }

    @Test func deletedRunIsStoppedBeforeItsFinalizerGoes() {
        let plan = plan(Self.running.deleting(), .stored, after: 3)
        #expect(plan.kinds == ["deleteJob"])
        #expect(plan.status?.phase == .cancelling)
    }

    @Test func finishedRequestFromBeforeMongoDBIsKeptUntilItIsStored() {
        let old = ReportRequest.fixture(.chain("a")).running("a").failed("a").ended(.failed)
        #expect(plan(old, .pending).actions == [.setFinalizers([Self.recordFinalizer])])
    }

    /// An operator without MongoDB takes over a run that one with MongoDB had recorded so far.
    @Test func whatWasStoredDoesNotStandForWhatComesWithoutMongoDB() {
        let recorded = Self.running.applying(plan(Self.running, .stored, after: 5))
        #expect(recorded.status?.isRecorded == true)
        #expect(plan(recorded, .notConfigured, after: 6).isEmpty)
        let done = recorded.status { $0.stages = $0.stages?.map { stage in stage.succeededForTest() } }
        let end = plan(done, .notConfigured, after: 60).status
        #expect(end?.phase == .succeeded)
        #expect(end?.isRecorded == false)
        #expect(self.recorded(end)?.reason == Reason.notConfigured)
        // Held by its finalizer, it says what to do.
        let held = plan(Self.ended.deleting(at: .start.after(70)), .notConfigured, after: 80)
        #expect(self.recorded(held.status)?.message.contains("remove the finalizer") == true)
        #expect(plan(Self.ended.deleting(at: .start.after(70)).applying(held), .notConfigured, after: 81).isEmpty)
    }

    @Test func requestWhoseTimeIsOverStaysUntilItsEndIsTold() {
        let old = Self.ended.expiring(after: 10).with { $0.metadata.finalizers = [] }.status {
            $0.conditions?.removeAll { $0.type == "Recorded" }
        }
        let untold = RunPlanner.plan(ObservedRun(request: old, isUntold: true), now: .start.after(100))
        #expect(untold.actions == [])
        #expect(untold.wakeAt == .start.after(130))
        #expect(RunPlanner.plan(ObservedRun(request: old), now: .start.after(100)).kinds == ["deleteRequest"])
    }

    @Test func markChangesWithTheRunAndNotWithTheConditionThatTellsOfIt() {
        let said = Self.running.applying(plan(Self.running, .unavailable("MongoDB is away")))
        #expect(said.status != Self.running.status)
        #expect(RecordMark(said) == RecordMark(Self.running))
        for other in [Self.ended, Self.running.deleting(), Self.running.cancelling()] {
            #expect(RecordMark(other) != RecordMark(Self.running))
        }
    }
}

extension StageStatus {
    fileprivate func succeededForTest() -> StageStatus {
        var copy = self
        copy.phase = .succeeded
        return copy
    }
}
