import Foundation
import LoopbackSupport
import MongoClient
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Who writes the ledger of tickets learns whether an entry is theirs, also where MongoDB's answer was lost.
@Suite(.services(.mongodb)) struct TicketLedgerTests {
    private static let start = Date(timeIntervalSince1970: 1_792_540_800)

    private static func entry(
        _ id: String = "u-1-a", _ state: TicketEntry.State = .opening, at: Date = start
    ) -> TicketEntry {
        var entry = TicketEntry(
            triggerUID: "u-1", namespace: "plant", trigger: "stops", fingerprint: "a1", since: start,
            channel: "tickets", id: id, at: at)
        entry.state = state
        entry.labels = ["machine": "press-4", "a.b": "$c"]
        return entry
    }

    private static func claimed(_ holder: String, over before: TicketEntry? = nil) -> TicketEntry {
        var claim = before ?? entry()
        (claim.holder, claim.epoch, claim.tries) = (holder, claim.epoch + 1, claim.tries + 1)
        claim.deadline = start.addingTimeInterval(420)
        return claim
    }

    private static func all(_ ledger: TicketLedger) async throws -> TicketEntries {
        try await ledger.entries(ofTrigger: "u-1", ids: [], since: .distantPast)
    }

    @Test func ofTwoClaimsOneStandsAndEveryFieldComesBack() async throws {
        let ledger = try MongoBench(try .current).store.tickets
        let claim = Self.claimed("me")
        #expect(try await ledger.write(claim, over: nil))
        #expect(try await ledger.write(claim, over: nil), "written again, as after a lost answer")
        #expect(try await !ledger.write(Self.claimed("another"), over: nil))
        var open = claim
        (open.state, open.holder, open.deadline, open.ticketID) = (.open, nil, nil, "T-7")
        (open.openedAt, open.tries, open.detail, open.cluster) = (Self.start, 0, "answered 201", "c1")
        (open.round, open.earlier) = (2, [.init(ticketID: "T-6", openedAt: Self.start, closedAt: Self.start)])
        #expect(try await ledger.write(open, over: claim))
        #expect(try await Self.all(ledger) == TicketEntries(readable: [open]))
        // What there is no more goes from the document, too.
        var closing = Self.claimed("another", over: open)
        (closing.state, closing.detail, closing.endedAt) = (.closing, nil, Self.start)
        #expect(try await ledger.write(closing, over: open))
        #expect(try await !ledger.write(Self.claimed("me", over: open), over: open))
        #expect(try await !ledger.write(open, over: claim), "an old result changes nothing")
        #expect(try await Self.all(ledger).readable == [closing])
    }

    @Test func findsWhatIsNotOverWhatIsAskedForAndWhatIsNew() async throws {
        let ledger = try MongoBench(try .current).store.tickets
        let late = Self.start.addingTimeInterval(1000)
        let entries = [
            Self.entry("u-1-a", .open), Self.entry("u-1-b", .closed), Self.entry("u-1-c", .failed, at: late),
            Self.entry("u-1-d", .closed), Self.entry("u-1-e", .closing),
        ]
        var other = Self.entry("u-10-a", .open)
        other.triggerUID = "u-10"
        for entry in entries + [other] { #expect(try await ledger.write(entry, over: nil)) }
        let found = try await ledger.entries(ofTrigger: "u-1", ids: ["u-1-b", "u-10-a"], since: late)
        #expect(found.readable.map(\.id).sorted() == ["u-1-a", "u-1-b", "u-1-c", "u-1-e"])
        #expect(try await ledger.unfinished().readable.map(\.id).sorted() == ["u-1-a", "u-1-e", "u-10-a"])
    }

    @Test func documentThatCannotBeReadIsNamed() async throws {
        let bench = try MongoBench(try .current)
        let ledger = bench.store.tickets
        for (id, change) in [
            ("u-1-a", ["$set": ["since": "yesterday"]]), ("u-1-b", ["$set": ["triggerUID": "u-2"]]), ("u-1-c", [:]),
        ] as [(String, BSONDocument)] {
            #expect(try await ledger.write(Self.entry(id, .open), over: nil))
            if !change.isEmpty {
                try await bench.collection("report_tickets").update(["_id": .string(id)], with: change)
            }
        }
        let found = try await Self.all(ledger)
        #expect(found.readable.map(\.id) == ["u-1-c"])
        #expect(found.unreadable["u-1-a"]?.hasPrefix("since: ") == true)
        #expect(found.unreadable["u-1-b"] == "triggerUID: is another trigger's")
    }

    @Test(.timeLimit(.minutes(1))) func aClaimWhoseAnswerWasLostIsOurs() async throws {
        let text = try LiveServices.current.value("MONGODB_ADMIN_URI")
        var parts = try #require(URLComponents(string: text))
        let proxy = LosingProxy(toPort: try #require(parts.port)) { data in
            data.range(of: Data("report_tickets\0".utf8)) != nil
                && ["insert\0", "update\0"].contains { data.range(of: Data($0.utf8)) != nil }
        }
        defer { proxy.stop() }
        parts.port = proxy.port
        let items = (parts.queryItems ?? []).filter { $0.name != "replicaSet" }
        parts.queryItems = items + [URLQueryItem(name: "directConnection", value: "true")]
        let ledger = MongoBench(try MongoURI(try #require(parts.string))).store.tickets
        let claim = Self.claimed("me")
        proxy.lose(2)
        await #expect(throws: StoreTrouble.self) { _ = try await ledger.write(claim, over: nil) }
        #expect(proxy.lost == 2)
        #expect(try await ledger.write(claim, over: nil))
        #expect(try await !ledger.write(Self.claimed("another"), over: nil))
    }
}
