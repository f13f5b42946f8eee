import ClusterSupport
import Foundation
import LoopbackSupport
import PostfixSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// The courier is killed before and after each write to the ledger, and at each thing that it says to the other side. The
/// next one brings the delivery to its end: nothing is lost, and nothing comes twice without being known.
@Suite(.serialized, .timeLimit(.minutes(15))) struct DeliveryKillTests {
    /// A channel, and the proxy at whose moments the courier is killed.
    struct Scene: Sendable {
        var proxy: KillingProxy
        /// Of MongoDB, where not the server's own.
        var uri: String?
        var spec: @Sendable (_ report: String) -> String
        var check: @Sendable (_ done: ReportDelivery, _ report: String) async throws -> Void
    }

    /// A write of the ledger, as the driver says it.
    static func isLedgerWrite(_ data: Data) -> Bool {
        let name = Data("report_deliveries\0".utf8)
        guard data.range(of: name) != nil else { return false }
        return data.range(of: Data("insert\0".utf8)) != nil || data.range(of: Data("update\0".utf8)) != nil
    }

    /// Counts the moments of a delivery that nobody disturbs, then kills at each of them, several side by side; returns how
    /// many there were.
    private func killAtEach(
        _ bed: DeliveryBed, _ name: String, _ scene: @escaping @Sendable (DeliveryBed) async throws -> Scene
    ) async throws -> Int {
        let count = try await bed.anew { bed in try await deliver(bed, try await scene(bed), nil) }
        let points = KillingProxy.Moment.allCases.flatMap { moment in (1...count).map { ($0, moment) } }
        let killed = try await withThrowingTaskGroup(of: Int.self) { group in
            var (rest, killed) = (points[...], 0)
            for _ in 0..<6 where !rest.isEmpty {
                let point = rest.removeFirst()
                group.addTask { try await bed.anew { try await deliver($0, try await scene($0), point) } }
            }
            for try await fired in group {
                killed += fired
                guard !rest.isEmpty else { continue }
                let point = rest.removeFirst()
                group.addTask { try await bed.anew { try await deliver($0, try await scene($0), point) } }
            }
            return killed
        }
        print("\(name): killed at \(killed) moments")
        return killed
    }

    /// - Returns: how many moments there were; with a point to kill at, 1 where it was killed.
    private func deliver(
        _ bed: DeliveryBed, _ scene: Scene, _ point: (number: Int, moment: KillingProxy.Moment)?
    ) async throws -> Int {
        defer { scene.proxy.stop() }
        let report = try await bed.record()
        let courier = try bed.courier(uri: scene.uri, "--send-timeout", "5")
        defer { courier.end() }
        // What the channel's trial says doesn't count.
        try await bed.waitUntilChannelsWork()
        if let point {
            scene.proxy.arm(point.number, point.moment) { courier.crash() }
        } else {
            scene.proxy.count()
        }
        try await bed.deliver("d", scene.spec(report))
        try await eventually("it is killed, or done", within: .seconds(60)) {
            if scene.proxy.hasFired { return true }
            return try await bed.delivery("d")?.status?.phase?.isTerminal == true
        }
        let (seen, hasFired) = (scene.proxy.seen, scene.proxy.hasFired)
        scene.proxy.disarm()
        let next = hasFired ? try bed.courier(uri: scene.uri, "--send-timeout", "5") : nil
        defer { next?.end() }
        let done = try await bed.waitForEnd(of: "d")
        #expect(
            done.status?.phase == .delivered,
            "\(point.map { "\($0)" } ?? "undisturbed"): \(done.status?.message ?? "") \(next?.log.suffix(1000) ?? "")")
        try await scene.check(done, report)
        return point == nil ? seen : hasFired ? 1 : 0
    }

    @Test func killedAtEachWriteOfTheLedgerAFileIsThereOnce() async throws {
        try await DeliveryBed.run("kill-folder") { bed in
            let points = try await killAtEach(bed, "Folder, ledger") { bed in
                try await bed.createFolder()
                let proxy = KillingProxy(toPort: try bed.mongoPort, counts: Self.isLedgerWrite)
                return Scene(
                    proxy: proxy, uri: try bed.mongoURI(port: proxy.port),
                    spec: { "{reportID: \($0), channel: files, formats: [csv]}" },
                    check: { _, report in
                        #expect(try bed.files().filter { $0.contains(report) }.count == 1)
                        let copies = try await bed.outside.records.deliveries.copies(ofReport: report)
                        #expect(copies.map(\.phase) == [.sent])
                    })
            }
            #expect(points == 4, "the claim and the result, before and after each")
        }
    }

    /// A mail may come twice where its answer was lost, and only where it says so.
    @Test func killedAtEachMomentAMailComesOnceOrSaysThatItMayHaveComeTwice() async throws {
        try await Postfix.withOne { postfix in
            try await DeliveryBed.run("kill-mail") { bed in
                let spec: @Sendable (String) -> String = {
                    "{reportID: \($0), channel: mail, formats: [csv], to: [\"\($0)@example.com\"]}"
                }
                let check: @Sendable (ReportDelivery, String) async throws -> Void = { done, report in
                    let mail = try await postfix.mail(to: "\(report)@example.com", count: 1)
                    let isMarked = done.status?.recipients?.first?.possiblyTwice == true
                    #expect(mail.count == 1 || mail.count == 2 && isMarked, "\(mail.count) mails")
                    #expect(Set(mail.compactMap { $0["Message-ID"] }).count == 1)
                }
                let ledger = try await killAtEach(bed, "Mail, ledger") { bed in
                    try await bed.createMail(port: postfix.implicitTLSPort, postfix)
                    let proxy = KillingProxy(toPort: try bed.mongoPort, counts: Self.isLedgerWrite)
                    return Scene(proxy: proxy, uri: try bed.mongoURI(port: proxy.port), spec: spec, check: check)
                }
                #expect(ledger == 4)
                let wire = try await killAtEach(bed, "Mail, each thing said to the server") { bed in
                    let proxy = KillingProxy(toPort: postfix.implicitTLSPort) { _ in true }
                    try await bed.createMail(port: proxy.port, postfix)
                    return Scene(proxy: proxy, spec: spec, check: check)
                }
                // MAIL, RCPT, DATA and the message at the least, before and after each.
                #expect(wire >= 8)
            }
        }
    }
}
