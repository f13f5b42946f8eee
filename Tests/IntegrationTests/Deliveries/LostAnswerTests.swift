import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// MongoDB has done it, and the courier doesn't learn of it.
@Suite(.timeLimit(.minutes(5))) struct LostAnswerTests {
    /// Nobody would touch the copy for seven minutes, and nobody would know that it was never sent.
    @Test func aClaimWhoseAnswerIsLostIsStillOurs() async throws {
        try await DeliveryBed.run("lost-claim") { bed in
            let proxy = LosingProxy(toPort: try bed.mongoPort, counts: KillScene.isLedgerWrite)
            defer { proxy.stop() }
            try await bed.createFolder()
            let courier = try bed.courier(uri: try bed.mongoURI(port: proxy.port))
            defer { courier.end() }
            try await bed.waitUntilChannelsWork()
            let report = try await bed.record()
            // One more than the driver tries by itself.
            proxy.lose(2)
            try await bed.deliver("d", "{reportID: \(report), channel: files, formats: [csv]}")
            let done = try await bed.waitForEnd(of: "d")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            #expect(proxy.lost == 2)
            let copies = try await bed.copies(ofReport: report)
            #expect(copies.map(\.phase) == [.sent])
            #expect(copies.map(\.tries) == [1])
            #expect(copies.map(\.uncertain) == [nil])
            #expect(try bed.files().count == 1)
        }
    }
}
