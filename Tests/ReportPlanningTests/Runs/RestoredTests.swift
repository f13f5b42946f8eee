import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import TestSupport
import Testing

/// Requests that come back from a backup, with another uid.
struct RestoredTests {
    private static let finalizers = [
        ReportsAPI.Finalizer.record, ReportsAPI.Finalizer.sharedLock, ReportsAPI.Finalizer.tick,
    ]
    private static let newUID = "0a1b2c3d-0000-4000-8000-00000000000b"

    private static let old = ReportRequest.fixture(.chain("a", "b"))
    private static let oldUID = old.metadata.uid
    private static let running = old.running("b", succeeded: ["a"])
    private static let succeeded = running.status { $0.stages?[1].phase = .succeeded }.ended(.succeeded)

    /// Without a status, and with any.
    static let copies = [
        running.restored(uid: newUID, keepingStatus: false), old.queued().restored(uid: newUID, keepingStatus: true),
        running.restored(uid: newUID, keepingStatus: true), succeeded.restored(uid: newUID, keepingStatus: true),
        running.failed("b").ended(.failed).restored(uid: newUID, keepingStatus: true),
        // A tool that takes annotations off, and keeps the status.
        running.restored(uid: newUID, keepingStatus: true).unseen,
    ]

    private func plan(
        _ request: ReportRequest, record: ObservedRun.Record = .pending, after seconds: Int64 = 100
    ) -> RunPlan {
        RunPlanner.plan(ObservedRun(request: request, record: record), now: .start.after(seconds))
    }

    @Test func aNewRequestIsMarkedBeforeAnythingHappensInTheWriteOfItsFinalizers() {
        let new = Self.old.unseen
        #expect(plan(new, record: .notConfigured) == RunPlan(actions: [.setFinalizers([], marking: true)]))
        #expect(plan(new).actions == [.setFinalizers([ReportsAPI.Finalizer.record], marking: true)])
        #expect(plan(Self.old, record: .notConfigured).status?.reportID == Self.oldUID)
        // Also one that was over before there were marks.
        #expect(plan(Self.succeeded.unseen, record: .notConfigured).actions == [.setFinalizers([], marking: true)])
    }

    /// What can't be a uid names no report, and wouldn't fit into the status.
    @Test(arguments: ["'; drop\u{1B}[31m", String(repeating: "x", count: 3000), "a/b", "é"])
    func aMarkThatIsNoUidIsReplaced(mark: String) {
        let forged = Self.old.with { $0.acceptedUID = mark }
        #expect(!forged.isRestored)
        #expect(plan(forged).actions == [.setFinalizers([ReportsAPI.Finalizer.record], marking: true)])
    }

    /// Annotations have 256 KiB in all.
    @Test func aRequestWhoseMarkIsRefusedRunsAllTheSame() {
        let setbacks = [
            ObservedRun.markSetback: ObservedRun.Setback.refused("Too long: may not be more than 262144 bytes")
        ]
        let plan = RunPlanner.plan(ObservedRun(request: Self.old.unseen, setbacks: setbacks), now: .start)
        #expect(plan.actions == [] && plan.status?.phase == .running)
    }

    @Test(arguments: copies) func aCopyEndsWithoutAnyJob(copy: ReportRequest) throws {
        let plan = plan(copy)
        #expect(plan.actions == [])
        let status = try #require(plan.status)
        #expect(status.phase == (copy.status?.isTerminal == true ? copy.status?.phase : .cancelled))
        #expect(status.reason == Reason.restored)
        #expect(status.reportID == Self.oldUID)
        let message = try #require(status.message)
        #expect(message.contains(Self.oldUID) && message.contains("reportctl history"), "\(message)")
        #expect(message.contains("raise spec.attempt"), "\(message)")
        #expect(status.transitions == copy.status?.transitions)
        #expect(status.stages?.contains { $0.phase == .running || $0.phase == .pending } != true)
        #expect(status.completedAt != nil)
        // It rests, and there is nothing to store of it.
        let told = copy.applying(plan)
        for record in [ObservedRun.Record.pending, .stored, .unavailable("away"), .notConfigured] {
            #expect(self.plan(told, record: record, after: 200) == RunPlan())
        }
        #expect(!copy.isToBeRecorded && !told.isToBeRecorded)
        #expect(told.reportID == Self.oldUID)
    }

    @Test(arguments: copies) func whatKeptTheOldOneDoesNotKeepTheCopy(copy: ReportRequest) {
        let held = copy.with { $0.metadata.finalizers = ["example.org/other"] + Self.finalizers }
        #expect(!held.isToBeRecorded)
        for request in [held, held.deleting()] {
            #expect(plan(request) == RunPlan(actions: [.setFinalizers(["example.org/other"])]))
        }
        #expect(plan(copy.deleting()) == RunPlan())
    }

    @Test(arguments: copies) func aRaisedAttemptMakesANewRunOfIt(copy: ReportRequest) throws {
        let told = copy.applying(plan(copy))
        let raised = told.attempt(2)
        #expect(plan(raised) == RunPlan(actions: [.setFinalizers([], marking: true)]))
        // Marked; the operator may be killed after each of these writes.
        var request = raised.with { $0.acceptedUID = Self.newUID }
        #expect(!request.isToBeRecorded)
        #expect(plan(request).actions == [.setFinalizers([ReportsAPI.Finalizer.record])])
        request.metadata.finalizers = [ReportsAPI.Finalizer.record]
        #expect(!request.isToBeRecorded)
        var plan = plan(request)
        if copy.status?.accepted != nil {
            // What was accepted for the old uid goes first.
            #expect(plan.status?.phase == .queued && plan.status?.accepted == nil && plan.actions == [])
            request = request.applying(plan)
            plan = self.plan(request)
        }
        let status = try #require(plan.status)
        #expect(status.phase == .running && status.reportID == Self.newUID && status.attempt == 2)
        #expect(status.previousAttempts == nil && status.accepted != nil)
        #expect(status.stages?.map(\.phase) == [.pending, .pending])
        #expect(status.stages?.map(\.attempt) == [2, 2])
        let begun = request.applying(plan)
        #expect(begun.isToBeRecorded && begun.reportID == Self.newUID)
        #expect(self.plan(begun).starts(of: begun) == ["a"])
        #expect(ReportEvent.all(of: begun).allSatisfy { $0.requestUID == Self.newUID && $0.attempt == 2 })
    }

    /// Raised before the backup, and before its operator saw it.
    @Test func onlyARaiseAfterTheRestoreCounts() {
        let copy = Self.running.attempt(3).restored(uid: Self.newUID, keepingStatus: false)
        let told = copy.applying(plan(copy))
        #expect(told.status?.attempt == 3)
        #expect(plan(told) == RunPlan())
        #expect(plan(told.attempt(4)).actions == [.setFinalizers([], marking: true)])
        #expect(plan(told.attempt(4).cancelling()).actions == [])
    }

    @Test func aCopyOfACopyStaysOne() {
        let copy = Self.copies[0]
        let told = copy.applying(plan(copy))
        for again in [true, false].map({ told.restored(uid: "another", keepingStatus: $0) }) {
            let end = again.applying(plan(again))
            #expect(end.reportID == Self.oldUID && end.status?.isRestored == true)
            #expect(plan(end) == RunPlan())
        }
    }

    /// Who may write annotations must not be able to keep a run's end from the record.
    @Test func anAnnotationThatSomebodyChangedIsPutRight() {
        for changed in ["another", "", nil] {
            let request = Self.running.with {
                $0.acceptedUID = changed
                $0.metadata.finalizers = [ReportsAPI.Finalizer.record]
            }
            #expect(!request.isRestored && request.isToBeRecorded)
            #expect(plan(request).actions == [.setFinalizers([ReportsAPI.Finalizer.record], marking: true)])
        }
    }

    @Test func aRestOfWhichTheMarkWasTakenOffGoesOn() {
        let copy = Self.copies[0]
        let told = copy.applying(plan(copy)).unseen
        // Its status still says whose copy it is.
        #expect(told.copiedReportID == Self.oldUID)
        #expect(plan(told) == RunPlan())
    }

    @Test func itsTimeToLiveBeginsWithItsEnd() {
        let late = Self.running.expiring(after: 60).restored(uid: Self.newUID, keepingStatus: false)
        let told = plan(late, after: 100)
        #expect(told.actions == [])
        let resting = late.applying(told)
        #expect(plan(resting, after: 101).wakeAt == .start.after(160))
        #expect(plan(resting, after: 160).actions == [.deleteRequest])
        // Where its status came along, it ended when it did.
        let ended = Self.succeeded.expiring(after: 60).restored(uid: Self.newUID, keepingStatus: true)
        #expect(ended.applying(plan(ended, after: 10)).status?.completedAt == .start)
    }

    @Test func withoutMongoDBTheMessagePromisesNoHistory() {
        let message = plan(Self.copies[0], record: .notConfigured).status?.message
        #expect(message?.contains("no history of it is kept") == true, "\(message ?? "")")
    }
}
