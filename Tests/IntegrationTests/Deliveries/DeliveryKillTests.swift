import ClusterSupport
import Digests
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
    @Test func killedAtEachWriteOfTheLedgerAFileIsThereOnce() async throws {
        try await DeliveryBed.run("kill-folder") { bed in
            let points = try await KillScene.killAtEach(bed, "Folder, ledger") { bed in
                try await bed.createFolder()
                let proxy = KillingProxy(toPort: try bed.mongoPort, counts: KillScene.isLedgerWrite)
                return KillScene(
                    killer: proxy, uri: try bed.mongoURI(port: proxy.port),
                    spec: { "{reportID: \($0), channel: files, formats: [csv]}" },
                    check: { done, report in
                        // Though the status was never written by who sent it.
                        #expect(done.status?.files?.map(\.format) == ["csv"])
                        #expect(done.status?.files?.first?.sha256?.count == 64)
                        #expect(try bed.files().filter { $0.contains(report) }.count == 1)
                        let copies = try await bed.copies(ofReport: report)
                        #expect(copies.map(\.phase) == [.sent])
                    })
            }
            #expect(points == 4, "the claim and the result, before and after each")
        }
    }

    /// A file of several chunks, and the document that makes them one: what a killed courier has begun isn't a file.
    @Test func killedAtEachWriteOfAFileItIsMadeAgainAndNeverServedHalf() async throws {
        try await DeliveryBed.run("kill-files") { bed in
            let points = try await KillScene.killAtEach(bed, "Files in MongoDB") { bed in
                try await bed.createFolder()
                let proxy = KillingProxy(toPort: try bed.mongoPort) { data in
                    data.range(of: Data("insert\0".utf8)) != nil
                        && ["report_files.chunks\0", "report_files.files\0"].contains {
                            data.range(of: Data($0.utf8)) != nil
                        }
                }
                return KillScene(
                    killer: proxy, uri: try bed.mongoURI(port: proxy.port), padding: 600, rows: 10_000,
                    spec: { "{reportID: \($0), channel: files, formats: [csv]}" },
                    check: { done, report in
                        let path = try #require(try bed.files().first { $0.contains(report) })
                        let content = try Data(contentsOf: bed.folder.appending(path: path))
                        let lines = content.split(separator: UInt8(ascii: "\n"))
                        // With the head.
                        #expect(lines.count == 10_001)
                        #expect(SHA256.of(content) == done.status?.files?.first?.sha256)
                        #expect(try bed.files().count == 1)
                        let made = try await bed.outside.records.files.newest(below: "\(report)/2/p/csv/")
                        #expect(made?.metadata.sha256 == SHA256.of(content))
                    })
            }
            #expect(points == 6, "two messages of chunks and the document, before and after each")
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
                let ledger = try await KillScene.killAtEach(bed, "Mail, ledger") { bed in
                    try await bed.createMail(port: postfix.implicitTLSPort, postfix)
                    let proxy = KillingProxy(toPort: try bed.mongoPort, counts: KillScene.isLedgerWrite)
                    return KillScene(killer: proxy, uri: try bed.mongoURI(port: proxy.port), spec: spec, check: check)
                }
                #expect(ledger == 4)
                let wire = try await KillScene.killAtEach(bed, "Mail, each thing said to the server") { bed in
                    let proxy = KillingProxy(toPort: postfix.implicitTLSPort) { _ in true }
                    try await bed.createMail(port: proxy.port, postfix)
                    return KillScene(killer: proxy, spec: spec, check: check)
                }
                // MAIL, RCPT, DATA and the message at the least, before and after each.
                #expect(wire >= 8)
            }
        }
    }
}
