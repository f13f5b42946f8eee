import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// Pipelines with `expect: {rows: true}`.
struct RowExpectationTests {
    static let pipeline: PipelineSpec = {
        var pipeline = PipelineSpec.chain("a", "b")
        pipeline.expect = ExpectSpec(rows: true)
        pipeline.timeout = ReportDuration("10m")
        return pipeline
    }()
    static let done = ReportRequest.fixture(pipeline).running(succeeded: ["a", "b"])

    private func plan(
        _ request: ReportRequest, _ published: ObservedRun.Published, record: ObservedRun.Record = .stored,
        at now: Timestamp = .start.after(60)
    ) -> RunPlan {
        let finalizers = record == .notConfigured ? [] : [ReportsAPI.Finalizer.record]
        let guarded = request.with { $0.metadata.finalizers = finalizers }
        return RunPlanner.plan(ObservedRun(request: guarded, record: record, published: published), now: now)
    }

    @Test func runIsOverOnceItsRowsAreCounted() {
        let first = plan(Self.done, .unread)
        #expect(first.kinds == ["readPublished"])
        #expect(first.status?.phase == .running)
        #expect(first.status?.reason == Reason.checkingRows)
        let waiting = Self.done.applying(first)
        #expect(plan(waiting, .asked).isEmpty)
        let end = plan(waiting, .rows(7))
        #expect(end.actions == [])
        #expect(end.status?.phase == .succeeded)
        #expect(end.status?.message == "all 2 stages succeeded")
    }

    @Test func runThatPublishedNothingFails() {
        let end = plan(Self.done, .rows(0)).status
        #expect(end?.phase == .failed)
        #expect(end?.reason == Reason.noRows)
        #expect(
            end?.message
                == "all 2 stages succeeded, and no rows were published, which its pipeline expects (expect.rows); see what the "
                + "stages printed, or raise spec.attempt to run all of them again")
        #expect(end?.condition(.failed)?.isTrue == true)
        #expect(end?.condition(.complete) == nil)
    }

    @Test func nothingIsReadOfRunsThatDoNotAskForIt() {
        for expectation in [nil, ExpectSpec(), ExpectSpec(rows: false)] {
            var pipeline = Self.pipeline
            pipeline.expect = expectation
            let request = ReportRequest.fixture(pipeline).running(succeeded: ["a", "b"])
            for published in [ObservedRun.Published.unread, .rows(0), .unavailable("MongoDB is away")] {
                let end = plan(request, published)
                #expect(end.actions == [])
                #expect(end.status?.phase == .succeeded)
            }
        }
    }

    @Test func nothingIsReadBeforeAllStagesHaveSucceeded() {
        let half = ReportRequest.fixture(Self.pipeline).running(succeeded: ["a"])
        #expect(plan(half, .unread).kinds == ["createJob"])
        let failed = ReportRequest.fixture(Self.pipeline).running("b", succeeded: ["a"]).failed("b")
        #expect(!plan(failed, .unread).kinds.contains("readPublished"))
    }

    @Test func outageOfMongoDBIsWaitedOutUntilTheRunsTimeIsOver() {
        let away = ObservedRun.Published.unavailable("MongoDB can't be reached")
        let waiting = plan(Self.done, away)
        #expect(waiting.actions == [])
        #expect(waiting.status?.phase == .running)
        #expect(waiting.status?.reason == Reason.storeUnavailable)
        #expect(
            waiting.status?.message
                == "all 2 stages succeeded; whether it published rows can't be read yet, and is tried again: "
                + "MongoDB can't be reached")
        #expect(waiting.wakeAt == .start.after(600))
        // A restart asks again, and what then is known decides, however late it is.
        let later = Self.done.applying(waiting)
        #expect(plan(later, .unread, at: .start.after(9000)).kinds == ["readPublished"])
        #expect(plan(later, .rows(3), at: .start.after(9000)).status?.phase == .succeeded)
        let end = plan(later, away, at: .start.after(600)).status
        #expect(end?.phase == .failed)
        #expect(end?.reason == Reason.timedOut)
        // Its stages succeeded: another attempt looks again, and runs none of them.
        let resumed = Self.done.applying(plan(later, away, at: .start.after(600))).attempt(2)
        let second = plan(resumed, .unread, at: .start.after(700))
        #expect(second.status?.stages?.map(\.phase) == [.succeeded, .succeeded])
        // What it starts with is stored first.
        let started = resumed.applying(second)
        #expect(plan(started, .unread, at: .start.after(701)).kinds == ["readPublished"])
    }

    @Test func anotherAttemptOfWhatPublishedNothingRunsAllStages() {
        let failed = Self.done.applying(plan(Self.done, .rows(0)))
        let request = failed.attempt(2)
        let first = plan(request, .unread, at: .start.after(100))
        #expect(first.status?.phase == .running)
        #expect(first.status?.stages?.map(\.phase) == [.pending, .pending])
        #expect(first.status?.stages?.map(\.attempt) == [2, 2])
        // What the first attempt's stages came to stays told.
        #expect(first.status?.previousAttempts?.first?.stages?.map(\.name) == ["a", "b"])
        let started = request.applying(first)
        #expect(plan(started, .unread, at: .start.after(101)).starts(of: started) == ["a"])
    }

    @Test func operatorWithoutMongoDBRefusesItAtOnce() {
        let request = ReportRequest.fixture(Self.pipeline)
        let end = plan(request, .unread, record: .notConfigured).status
        #expect(end?.phase == .failed)
        #expect(end?.reason == Reason.invalidSpec)
        #expect(end?.message?.hasPrefix("expect.rows: true needs the MongoDB that rows are published to") == true)
        // One that was accepted with MongoDB, by an operator that has been started again without.
        let waiting = plan(Self.done, .unread, record: .notConfigured)
        #expect(waiting.actions == [])
        #expect(waiting.status?.reason == Reason.storeUnavailable)
    }

    @Test func cancellingEndsTheWait() {
        let waiting = Self.done.applying(plan(Self.done, .unread))
        #expect(plan(waiting.cancelling(), .asked).status?.phase == .cancelled)
    }
}
