import DeliveryPlanning
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
        #expect(StatusBudget.bytes == 262_144)
        #expect(try JSONEncoder().encode(fitted).count <= 262_144)
        #expect(StatusBudget.size(fitted) <= 262_144)
        #expect(fitted.stages?.map(\.phase) == Array(repeating: .failed, count: 64))
        #expect(StatusBudget.fit(fitted) == fitted)
    }

    /// Everything as large as it may be, of letters that the API server writes in six bytes.
    @Test func aWholeStatusHasAtMost640KiB() throws {
        func text(_ bytes: Int) -> String { String(repeating: "<", count: bytes / 6) }
        var pipeline = PipelineSpec.chain("load")
        pipeline.parameters = [ParameterSpec(name: "note", type: .string)]
        pipeline.stages[0].args = [text((256 << 10) - 600)]
        #expect(PipelineCheck.faults(in: pipeline, at: "spec").isEmpty)
        let note = text((64 << 10) - 60)
        let resolved = ParameterCheck.resolve(["note": .string(note)], declared: pipeline.parameters ?? [])
        #expect(resolved == .values(["note": note]))
        var entry = DeliverSpec(channel: "mail")
        entry.to = ["dana@example.com"]
        entry.text = text(3900)
        let deliver = Array(repeating: entry, count: 16)
        #expect(DeliveryCheck.faults(in: deliver, parameters: [], at: "spec.deliver").isEmpty)
        var status = Self.status(attempts: 40)
        status.accepted = AcceptedRun(
            name: "p", pipeline: pipeline, parameters: ["note": note], deliveries: deliver, failureNotice: entry)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let stored = StoredSize.of(json: try encoder.encode(StatusBudget.fit(status)))
        #expect(stored <= 655_360)
        #expect(stored > 400_000)

        pipeline.stages[0].args?.append(text(900))
        #expect(PipelineCheck.faults(in: pipeline, at: "spec").count == 1)
        let longer = ParameterCheck.resolve(["note": .string(note + text(90))], declared: pipeline.parameters ?? [])
        #expect(longer != .values(["note": note + text(90)]))
        entry.text = text(4200)
        #expect(!DeliveryCheck.faults(in: Array(repeating: entry, count: 16), parameters: [], at: "deliver").isEmpty)
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
