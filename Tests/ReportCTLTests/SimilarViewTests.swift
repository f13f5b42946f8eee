import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportCTL

struct SimilarViewTests {
    private func lines(_ requests: ReportRequest...) -> [String] {
        SimilarView.lines(requests, now: .start.after(600)) { (words: String...) in words.joined(separator: " ") }
    }

    private func ended(_ phase: ReportRequestStatus.Phase) -> ReportRequest {
        ReportRequest.fixture().spec { $0.requester = .init(name: "Dana") }.status {
            $0.phase = phase
            $0.completedAt = .start.after(300)
        }
    }

    @Test func whatIsThereAlreadyIsNamedWithHowToReadIt() {
        #expect(
            lines(ended(.succeeded), ended(.failed)) == [
                "tb-2026-10 is the same report, finished 5m ago, asked for by Dana",
                "  read it: report tb-2026-10, or its rows: result tb-2026-10", "  and 1 more with the same parameters",
            ])
        #expect(lines(ended(.failed))[2] == "  resume it: retry tb-2026-10")
        #expect(
            lines(ReportRequest.fixture().running("extract")) == [
                "tb-2026-10 is the same report; it is Running and was asked for 10m ago",
                "  watch it: watch tb-2026-10",
            ])
        #expect(lines().isEmpty)
    }

    @Test func afterAFailureNobodyIsAsked() {
        #expect(!SimilarView.asks([ended(.failed)]))
        #expect(SimilarView.asks([ended(.failed), ended(.succeeded)]))
        #expect(!SimilarView.asks([]))
    }

    @Test(arguments: [("y", true), (" Yes ", true), ("", false), ("n", false), ("yesterday", false)])
    func onlyAYesIsAYes(answer: String, isYes: Bool) { #expect(Question.isYes(answer) == isYes) }
}
