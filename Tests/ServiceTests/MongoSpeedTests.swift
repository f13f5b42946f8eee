import Foundation
import KubernetesModel
import MongoClient
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

@Suite(.services(.mongodb)) struct MongoSpeedTests {
    /// A floor far below what was measured, so that a busy machine doesn't fail it and a lost batch does.
    @Test func aBacklogIsCaughtUpInBatches() async throws {
        let bench = try MongoBench(try .current)
        try await bench.store.prepare()
        let requests = try (0..<1000).map { number in
            try #require(RequestLife.states(uid: "speed-\(number)").last)
        }
        let begin = ContinuousClock.now
        for start in stride(from: 0, to: requests.count, by: 250) {
            #expect(try await bench.store.save(Array(requests[start..<start + 250])).isEmpty)
        }
        let batches = ContinuousClock.now - begin
        let single = RequestLife.states(uid: "single")
        let singleBegin = ContinuousClock.now
        for _ in 0..<10 { for state in single { try await bench.store.save(state) } }
        let singles = (ContinuousClock.now - singleBegin) / (10 * single.count)
        print("1000 records with \(1000 * 12) events in \(batches); one state alone: \(singles)")
        #expect(batches < .seconds(60))
        #expect(try await bench.collection("report_events").count() == 12_000 + ReportEvent.all(of: single[12]).count)
    }
}
