import Foundation
import KubernetesModel
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// What stages printed, in MongoDB.
@Suite(.services(.mongodb)) struct MongoLogTests {
    let bench: MongoBench

    init() throws { bench = try MongoBench(try .current) }

    private func printed(
        _ stage: String = "load", attempt: Int = 1, pod: String = "a", at seconds: Int64 = 0, text: String
    ) -> StageLog {
        StageLog(
            reportID: "r", namespace: "finance", name: "tb", attempt: attempt, stage: stage, pod: "pod-\(pod)",
            podUID: pod, podCreatedAt: Timestamp.start.after(seconds).date, text: text, isCut: false)
    }

    @Test func theLastPodsLogOfEachStageOfEachAttemptStands() async throws {
        #expect(try await bench.store.prepare().isEmpty)
        let kept = [
            printed("extract", text: "one\n"), printed(pod: "c", at: 9, text: "second try\n"),
            printed(attempt: 2, pod: "d", at: 60, text: "again\n"),
        ]
        // The first try's pod was read before, and once more after, the second's.
        for log in [printed(pod: "b", at: 3, text: "first try\n")] + kept + [
            printed(pod: "b", at: 3, text: "late\n"), kept[1],
        ] {
            try await bench.store.keep(log)
        }
        #expect(try await bench.store.logs(of: "r") == kept)
        #expect(try await bench.store.podsWithLogs(of: "r") == ["a", "c", "d"])
        #expect(try await bench.store.logs(of: "other").isEmpty)
        let ids = try await bench.collection("report_logs").find().all().compactMap { $0["_id"]?.string }
        #expect(Set(ids) == ["r/1/extract", "r/1/load", "r/2/load"])
    }

    @Test func anyTextComesBackAsItWas() async throws {
        try await bench.store.prepare()
        let text = "\u{1B}[31mred\u{1B}[0m\n\0 NUL\n" + String(repeating: "é", count: 30_000) + "\n"
        try await bench.store.keep(printed(text: text))
        #expect(try await bench.store.logs(of: "r").map(\.text) == [text])
    }
}
