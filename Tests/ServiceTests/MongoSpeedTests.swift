import Foundation
import KubernetesModel
import MongoClient
import ReportStores
import ServiceSupport
import TestSupport
import Testing

@Suite(.services(.mongodb)) struct MongoSpeedTests {
    /// A hundred records of one batch take less time than as many alone, on whatever machine.
    @Test func aBacklogIsCaughtUpInBatches() async throws {
        let bench = try MongoBench(try .current)
        try await bench.store.prepare()
        let requests = try (0..<1000).map { number in
            try #require(RequestLife.states(uid: "speed-\(number)").last)
        }
        let (alone, together) = (requests.prefix(100), requests.dropFirst(100))
        var begin = ContinuousClock.now
        for request in alone { try await bench.store.save(request) }
        let single = (ContinuousClock.now - begin) / alone.count
        begin = .now
        for start in stride(from: 100, to: requests.count, by: 225) {
            #expect(try await bench.store.save(Array(requests[start..<start + 225])).isEmpty)
        }
        let batched = (ContinuousClock.now - begin) / together.count
        print("a record with 12 events: \(batched) in a batch, \(single) alone")
        #expect(batched < single)
        #expect(try await bench.collection("report_events").count() == 12_000)
    }
}
