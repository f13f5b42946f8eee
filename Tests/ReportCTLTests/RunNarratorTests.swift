import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportCTL

struct RunNarratorTests {
    private func lines(_ states: [ReportRequest], attempt: Int = 1) -> [String] {
        var narrator = RunNarrator(attempt: attempt) { Moments.utc.clock($0) }
        return states.flatMap { narrator.lines($0, now: .start) }.map { $0.rendered(color: false) }
    }

    private static let told = [
        "08:00:00  tb-2026-10  Queued", "08:00:05  tb-2026-10  Running", "08:00:05  extract     Running",
        "08:00:09  extract     Succeeded   4s", "08:00:09  load        Running",
        "08:00:12  load        Failed      3s  3", "08:00:12  tb-2026-10  Failed",
    ]

    @Test func everythingIsToldOnceHoweverOftenItIsSeen() {
        let states = Array(RequestLife.states().prefix(8))
        #expect(lines(states) == Self.told)
        #expect(lines(states + states + [states[7]]) == Self.told)
    }

    @Test func whatHappenedWhileNobodyListenedIsToldAfterwards() {
        #expect(lines([RequestLife.states()[7]]) == Self.told)
    }

    @Test func attemptsBeforeAreNotTold() {
        let told = lines(RequestLife.states(), attempt: 2)
        #expect(told.count == 5)
        #expect(told.first == "08:01:00  tb-2026-10  Queued")
        #expect(told.last == "08:01:10  tb-2026-10  Succeeded")
    }

    @Test func aRunThatDoesNotGetOnSaysWhyOnce() {
        let waiting = ReportRequest.fixture(name: "tb").running("extract").status {
            $0.reason = Reason.stageNotStarting
            $0.message = "extract can't start: ImagePullBackOff"
        }
        let told = lines([waiting, waiting])
        #expect(told.count(where: { $0.hasSuffix("extract can't start: ImagePullBackOff") }) == 1)
    }

    private func opening(_ request: ReportRequest, attempt: Int = 1) -> String? {
        RunNarrator.opening(of: request, attempt: attempt, now: .start) { Moments.utc.clock($0) }?
            .rendered(color: false)
    }

    @Test func aRunThatNobodyHasSeenYetSaysSoAtOnce() {
        #expect(
            opening(.fixture())
                == "08:00:00  tb-2026-10  Created     not seen by the operator yet; waiting until it accepts it")
    }

    @Test func anAttemptThatHasNotBegunIsSaidToBeWaitedFor() {
        let failed = ReportRequest.fixture().running("extract").ended(.failed).attempt(2)
        #expect(
            opening(failed, attempt: 2)
                == "08:00:00  tb-2026-10  Failed      in attempt 1; waiting until attempt 2 begins")
    }

    @Test func whatHasNoFurtherAttemptIsNotWaitedFor() {
        func status(_ phase: ReportRequestStatus.Phase, isDeleting: Bool = false) -> ReportRequest {
            ReportRequest.fixture().attempt(2)
                .status {
                    $0.phase = phase
                    $0.attempt = 1
                    $0.message = "m"
                }
                .with { if isDeleting { $0.metadata.deletionTimestamp = .start } }
        }
        #expect(opening(status(.succeeded), attempt: 2) == nil)
        #expect(opening(status(.failed, isDeleting: true), attempt: 2) == nil)
        #expect(opening(status(.queued), attempt: 1) == "08:00:00  tb-2026-10  Queued      m; waiting until it is over")
    }

    @Test func aRunThatThereIsSomethingToTellOfNeedsNoOpening() {
        #expect(RequestLife.states().dropFirst().compactMap { opening($0) }.isEmpty)
    }
}
