import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// The courier is killed before and after each write to the ledger, and at each thing that it says to the other side. The
/// next one brings the delivery to its end: nothing is lost, and nothing comes twice without being known.
@Suite(.timeLimit(.minutes(15))) struct DeliveryKillTests {
    /// A write of the ledger, as the driver says it.
    static func isLedgerWrite(_ data: Data) -> Bool {
        let name = Data("report_deliveries\0".utf8)
        guard data.range(of: name) != nil else { return false }
        return data.range(of: Data("insert\0".utf8)) != nil || data.range(of: Data("update\0".utf8)) != nil
    }

    /// Kills at each moment in turn until there are no more, and returns how many there were.
    private func killAtEach(
        _ bed: DeliveryBed, _ proxy: KillingProxy, uri: String, _ name: String, spec: (String) -> String,
        check: (ReportDelivery, String) async throws -> Void
    ) async throws -> Int {
        var points = 0
        for moment in KillingProxy.Moment.allCases {
            for number in 1... {
                let report = try await bed.record()
                let delivery = "\(name)-\(moment)-\(number)"
                let courier = try bed.courier(uri: uri, "--send-timeout", "5")
                defer { courier.end() }
                proxy.arm(number, moment) { courier.crash() }
                try await bed.deliver(delivery, spec(report))
                try await eventually("it is killed, or done", within: .seconds(60)) {
                    if proxy.hasFired { return true }
                    return try await bed.delivery(delivery)?.status?.phase?.isTerminal == true
                }
                guard proxy.hasFired else {
                    proxy.disarm()
                    break
                }
                points += 1
                let next = try bed.courier(uri: uri, "--send-timeout", "5")
                defer { next.end() }
                let done = try await bed.waitForEnd(of: delivery)
                #expect(done.status?.phase == .delivered, "\(delivery): \(done.status?.message ?? "")")
                try await check(done, report)
            }
        }
        return points
    }

    @Test func killedAtEachWriteOfTheLedgerAFileIsThereOnce() async throws {
        try await DeliveryBed.run("kill-folder") { bed in
            let proxy = KillingProxy(toPort: try bed.mongoPort, counts: Self.isLedgerWrite)
            defer { proxy.stop() }
            try await bed.createFolder()
            let points = try await killAtEach(
                bed, proxy, uri: try bed.mongoURI(port: proxy.port), "file",
                spec: { "{reportID: \($0), channel: files, formats: [csv]}" }
            ) { _, report in
                #expect(try bed.files().filter { $0.contains(report) }.count == 1)
                let copies = try await bed.outside.records.deliveries.copies(ofReport: report)
                #expect(copies.map(\.phase) == [.sent])
            }
            print("Folder: killed at \(points) moments of the ledger")
            #expect(points >= 4, "the claim and the result, before and after each")
        }
    }
}
