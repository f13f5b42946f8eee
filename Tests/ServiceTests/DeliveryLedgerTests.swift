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
        #expect(try await scene.ledger.copies(ofReport: "r") == LedgerCopies(readable: [claim]))
        #expect(try await !scene.ledger.write(Self.claim("another", over: before), over: before))
        // Of a later claim the same words are not ours any more.
        var later = Self.claim("another", over: claim)
        #expect(try await scene.ledger.write(later, over: claim))
        #expect(try await !scene.ledger.write(claim, over: before))
        (later.phase, later.holder, later.deadline) = (.sent, nil, nil)
        #expect(try await scene.ledger.write(later, over: Self.claim("another", over: claim)))
    }

    /// Edited by hand, or of a later version: each is told by its id and its field, and the others are read.
    @Test func documentThatCannotBeReadIsNamed() async throws {
        let bench = try MongoBench(try .current)
        let ledger = bench.store.deliveries
        let collection = bench.collection("report_deliveries")
        for (recipient, change) in [
            ("a@example.com", ["$set": ["phase": "Sentt"]]), ("b@example.com", ["$unset": ["epoch": ""]]),
            ("c@example.com", ["$set": ["delivery": "other"]]), ("d@example.com", [:]),
        ] as [(String, BSONDocument)] {
            var copy = DeliveryCopy(
                delivery: "d", namespace: "team", name: "d", reportID: "r", channel: "mail", type: "Mail",
                recipient: recipient, at: Self.copy.at)
            copy.epoch = 1
            #expect(try await ledger.write(copy, over: nil))
            if !change.isEmpty { try await collection.update(["_id": .string(copy.id)], with: change) }
        }
        // Those of its notice, and of a delivery whose key begins alike, are others'.
        for key in ["d/notice", "d2"] {
            let other = DeliveryCopy(
                delivery: key, namespace: "team", name: "n", reportID: "s", channel: "mail", type: "Mail",
                recipient: "dana@example.com", at: Self.copy.at)
            #expect(try await ledger.write(other, over: nil))
        }
        let found = try await ledger.copies(ofDelivery: "d")
        #expect(found.readable.map(\.recipient) == ["d@example.com"])
        let faults = Dictionary(found.unreadable.map { ($0.id, $0.fault) }) { $1 }
        #expect(faults.keys.sorted() == ["d/a@example.com", "d/b@example.com", "d/c@example.com"])
        #expect(faults["d/a@example.com"]?.hasPrefix("phase: ") == true)
        #expect(faults["d/b@example.com"]?.contains("epoch") == true)
        #expect(faults["d/c@example.com"] == "delivery and recipient: are those of \"other/c@example.com\"")
        #expect(try await ledger.copies(ofDelivery: "d/notice").readable.count == 1)
        let ofReport = try await ledger.copies(ofReport: "r")
        #expect(ofReport.readable.map(\.recipient) == ["d@example.com"])
        #expect(Set(ofReport.unreadable.map(\.id)) == Set(faults.keys))
        #expect(ofReport.fault?.contains("report_deliveries can't be read: ") == true)
        #expect(try await ledger.copies(ofReport: "s").readable.count == 2)
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
        #expect(try await scene.ledger.copies(ofReport: "r") == LedgerCopies(readable: [sent]))
    }
}
