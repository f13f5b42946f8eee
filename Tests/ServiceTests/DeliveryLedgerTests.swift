import Foundation
import LoopbackSupport
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Who writes the ledger learns whether the copy is theirs, also where MongoDB's answer was lost.
@Suite(.services(.mongodb)) struct DeliveryLedgerTests {
    private static let copy = DeliveryCopy(
        delivery: "d", namespace: "team", name: "d", reportID: "r", channel: "mail", type: "Mail",
        recipient: "dana@example.com", at: Date(timeIntervalSince1970: 1_792_540_800))

    /// A ledger behind something that loses answers to its writes.
    private struct Scene {
        let proxy: LosingProxy
        let bench: MongoBench

        var ledger: DeliveryLedger { bench.store.deliveries }

        init() throws {
            let text = try LiveServices.current.value("MONGODB_ADMIN_URI")
            var parts = try #require(URLComponents(string: text))
            proxy = LosingProxy(toPort: try #require(parts.port)) { data in
                data.range(of: Data("report_deliveries\0".utf8)) != nil
                    && ["insert\0", "update\0"].contains { data.range(of: Data($0.utf8)) != nil }
            }
            parts.port = proxy.port
            // The driver must not find the server itself.
            let items = (parts.queryItems ?? []).filter { $0.name != "replicaSet" }
            parts.queryItems = items + [URLQueryItem(name: "directConnection", value: "true")]
            bench = MongoBench(try MongoURI(try #require(parts.string)))
        }

        /// Writes it, and the answer is lost so often that the driver's own second try doesn't help.
        func writeUnheard(_ copy: DeliveryCopy, over before: DeliveryCopy?) async throws {
            proxy.lose(2)
            await #expect(throws: StoreTrouble.self) { _ = try await ledger.write(copy, over: before) }
            #expect(proxy.lost == 2)
        }
    }

    private static func claim(_ holder: String, over before: DeliveryCopy? = nil) -> DeliveryCopy {
        var claim = before ?? copy
        (claim.phase, claim.holder, claim.epoch) = (.sending, holder, claim.epoch + 1)
        (claim.tries, claim.deadline) = (claim.tries + 1, claim.at.addingTimeInterval(420))
        return claim
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func aClaimWhoseAnswerWasLostIsOursAndNobodyElses(isFirst: Bool) async throws {
        let scene = try Scene()
        defer { scene.proxy.stop() }
        var before: DeliveryCopy?
        if !isFirst {
            before = Self.copy
            #expect(try await scene.ledger.write(Self.copy, over: nil))
        }
        let claim = Self.claim("me", over: before)
        try await scene.writeUnheard(claim, over: before)
        // It stands there; to write it again tells so, and changes nothing.
        #expect(try await scene.ledger.write(claim, over: before))
        #expect(try await scene.ledger.copies(ofReport: "r") == [claim])
        #expect(try await !scene.ledger.write(Self.claim("another", over: before), over: before))
        // Of a later claim the same words are not ours any more.
        var later = Self.claim("another", over: claim)
        #expect(try await scene.ledger.write(later, over: claim))
        #expect(try await !scene.ledger.write(claim, over: before))
        (later.phase, later.holder, later.deadline) = (.sent, nil, nil)
        #expect(try await scene.ledger.write(later, over: Self.claim("another", over: claim)))
    }

    @Test(.timeLimit(.minutes(1))) func aResultWhoseAnswerWasLostStands() async throws {
        let scene = try Scene()
        defer { scene.proxy.stop() }
        let claim = Self.claim("me")
        #expect(try await scene.ledger.write(claim, over: nil))
        var sent = claim
        (sent.phase, sent.holder, sent.deadline, sent.sentID) = (.sent, nil, nil, "<1@example.com>")
        scene.proxy.lose(2)
        await #expect(throws: StoreTrouble.self) { _ = try await scene.ledger.write(sent, over: claim) }
        #expect(try await scene.ledger.write(sent, over: claim))
        #expect(try await scene.ledger.copies(ofReport: "r") == [sent])
    }
}
