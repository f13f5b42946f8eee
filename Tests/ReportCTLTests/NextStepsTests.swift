import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

struct NextStepsTests {
    private func steps(_ request: ReportRequest) -> [String] {
        NextSteps.lines(request) { $0.joined(separator: " ") }
    }

    @Test(arguments: [ReportRequestStatus.Phase.failed, .cancelled])
    func whatIsBeingDeletedIsNotToBeRetried(phase: ReportRequestStatus.Phase) throws {
        let ended = ReportRequest.fixture().running("extract").ended(phase)
        #expect(steps(ended).contains("again: retry tb-2026-10"))
        #expect(steps(ended.deleting()).allSatisfy { !$0.contains("retry") })
        #expect(steps(ended.deleting()).last == "once it is gone: history \(ended.metadata.uid)")
        #expect(ended.nextAttempt == .success(2) && ended.deleting().nextAttempt == .failure(.beingDeleted))
    }

    @Test func whatWasNeverAcceptedHasNoLogAndIsNotToBeRetried() {
        let refused = ReportRequest.fixture().status {
            $0.phase = .failed
            $0.reason = Reason.invalidSpec
        }
        #expect(
            steps(refused) == [
                "what can be asked for: pipelines",
                "then make a new request: submit PIPELINE -p NAME=VALUE",
            ])
        let forbidden = refused.status { $0.reason = Reason.inlinePipelineForbidden }
        #expect(steps(forbidden) == steps(refused) + ["or, once it is allowed: retry tb-2026-10"])
        // A pipeline may come.
        let missing = refused.status { $0.reason = Reason.pipelineNotFound }
        #expect(steps(missing) == ["again: retry tb-2026-10"])
        let failed = ReportRequest.fixture().running("extract").ended(.failed)
        #expect(steps(failed) == ["logs:  logs tb-2026-10", "again: retry tb-2026-10"])
    }

    /// Whatever became of the report that it is a copy of, it can be run; and its history is under the old id.
    @Test(arguments: [ReportRequestStatus.Phase.succeeded, .cancelled])
    func whatWasRestoredNamesItsReport(phase: ReportRequestStatus.Phase) {
        let restored = ReportRequest.fixture(uid: "old").running("extract").ended(phase)
            .restored(uid: "new", keepingStatus: true).status {
                $0.reason = Reason.restored
                $0.reportID = "old"
            }
        #expect(steps(restored) == ["what became of it: history old", "run it again: retry tb-2026-10"])
        #expect(steps(restored.deleting()) == ["what became of it: history old"])
        #expect(restored.nextAttempt == .success(2))
        #expect(throws: RetryRefusal.self) { try restored.attempt(2).nextAttempt.get() }
        let description = Description(terminal: Terminal(), moments: .utc, isWide: false)
            .lines(restored, now: .start).map { $0.rendered(color: false) }
        #expect(description.contains { $0.hasPrefix("Report ID:") && $0.hasSuffix(" old") })
    }

    @Test func eachPhaseHasItsNextStep() {
        let request = ReportRequest.fixture()
        #expect(steps(request) == ["is there an operator at work? doctor"])
        #expect(steps(request.queued()) == ["queue order: queue"])
        #expect(steps(request.running("extract")) == ["watch: watch tb-2026-10"])
        #expect(steps(request.ended(.succeeded)) == ["rows: result tb-2026-10"])
    }
}
