import Foundation
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportPlanning

struct StatusBudgetTests {
    /// 64 stages side by side, each with four KiB of last words that JSON makes six times as long, after `attempts` others.
    static func status(attempts: Int, words: String = String(repeating: "\u{1}", count: 4096)) -> ReportRequestStatus {
        var status = ReportRequestStatus()
        status.phase = .failed
        status.attempt = attempts + 1
        let stages = (0..<64).map { index in
            var stage = StageStatus(name: "stage-\(index)", phase: .failed, attempt: 1)
            stage.job = "run-stage-\(index)-1-0123456789"
            stage.message = words
            return stage
        }
        status.stages = stages
        status.previousAttempts = (0..<attempts).map { index in
            PreviousAttempt(
                attempt: index + 1, phase: .failed, reason: "StageFailed", startedAt: .start, completedAt: .start,
                transitions: [PhaseTransition(phase: .queued, at: .start)], stages: stages)
        }
        return status
    }

    @Test(arguments: [0, 1, 5, 40])
    func aStatusKeepsItsBudget(attempts: Int) throws {
        let fitted = StatusBudget.fit(Self.status(attempts: attempts))
        #expect(try JSONEncoder().encode(fitted).count <= StatusBudget.bytes)
        #expect(StatusBudget.size(fitted) <= StatusBudget.bytes)
        #expect(fitted.stages?.map(\.phase) == Array(repeating: .failed, count: 64))
        #expect(StatusBudget.fit(fitted) == fitted)
    }

    @Test func theEstimateIsNeverBelowTheTruth() throws {
        for status in [Self.status(attempts: 3), Self.status(attempts: 0, words: "é\"\\\n"), ReportRequestStatus()] {
            #expect(try JSONEncoder().encode(status).count <= StatusBudget.size(status))
        }
    }

    /// The API server writes `<`, `>` and `&` in six bytes: a stage's last words may be XML.
    @Test func theEstimateKnowsHowTheAPIServerWrites() throws {
        let status = Self.status(attempts: 0, words: String(repeating: "<a>&", count: 256))
        var bytes = try JSONEncoder().encode(status).count
        for stage in status.stages ?? [] { bytes += 5 * (stage.message ?? "").count { "<>&".contains($0) } }
        #expect(bytes <= StatusBudget.size(status))
        #expect(StatusBudget.size(StatusBudget.fit(status)) <= StatusBudget.bytes)
    }

    @Test func whatIsOldestIsShortenedFirst() throws {
        let words = String(repeating: "w", count: 600)
        let fitted = StatusBudget.fit(Self.status(attempts: 6, words: words))
        let previous = try #require(fitted.previousAttempts)
        #expect(previous.count == 6)
        #expect(previous[0].stages?[0].message?.utf8.count == 64)
        #expect(previous[5].stages?[0].message == words)
        #expect(fitted.stages?[0].message == words)
    }

    @Test func oneWithinItsBudgetStaysAsItIs() {
        let status = Self.status(attempts: 1, words: "exit code 3: no such period")
        #expect(StatusBudget.fit(status) == status)
    }
}
