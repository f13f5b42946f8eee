import Foundation
import KubernetesModel
import LoopbackSupport
import MongoClient
import ReportStores
import ServiceSupport
import TestSupport
import Testing

@Suite(.services(.mongodb)) struct MongoSpeedTests {
    /// Hundreds of records go over in as many calls as one alone, whatever a call costs.
    @Test func aBacklogIsCaughtUpInBatches() async throws {
        let calls = Recorder<Int>()
        var parts = try #require(URLComponents(string: try LiveServices.current.value("MONGODB_ADMIN_URI")))
        // It loses nothing: it sees what MongoDB is asked.
        let proxy = LosingProxy(toPort: try #require(parts.port)) { data in
            let isWrite = ["insert\0", "update\0"].contains { data.range(of: Data("\u{2}\($0)".utf8)) != nil }
            if isWrite { calls.append(data.count) }
            return false
        }
        defer { proxy.stop() }
        parts.port = proxy.port
        // The driver must not find the server itself.
        let items = (parts.queryItems ?? []).filter { $0.name != "replicaSet" && $0.name != "directConnection" }
        parts.queryItems = items + [URLQueryItem(name: "directConnection", value: "true")]
        let bench = MongoBench(try MongoURI(try #require(parts.string)))
        try await bench.store.prepare()
        let requests = try (0..<1000).map { number in
            try #require(RequestLife.states(uid: "speed-\(number)").last)
        }
        let begun = calls.all.count
        for request in requests.prefix(100) { try await bench.store.save(request) }
        let alone = calls.all.count - begun
        for start in stride(from: 100, to: requests.count, by: 225) {
            #expect(try await bench.store.save(Array(requests[start..<start + 225])).isEmpty)
        }
        let together = calls.all.count - begun - alone
        #expect(alone >= 100)
        #expect(together > 0 && together * 10 < alone, "\(together) for 900 in batches, \(alone) for 100 alone")
        #expect(try await bench.collection("report_events").count() == 12_000)
    }
}
