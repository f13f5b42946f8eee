import ChannelServers
import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// Tickets of a real API server's triggers on a server of the tests', by couriers as programs.
@Suite(.serialized, .timeLimit(.minutes(15))) struct TicketTests {
    /// A while ago: longer than the trigger's cooldown.
    private static var since: Timestamp { Timestamp(Date().addingTimeInterval(-30)) }

    private static func json(_ call: TicketServer.Call) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(call.body.utf8))
    }

    @Test func firingOpensOneTicketAndItsEndClosesIt() async throws {
        let server = try TicketServer()
        defer { server.stop() }
        try await DeliveryBed.run("tickets") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createTicketTrigger()
            try await bed.waitForTrigger("says what is missing") {
                $0.ticketsReady?.reason == Reason.channelNotFound
            }
            try await bed.createTickets(server)
            try await bed.waitForTrigger("is ready") { $0.ticketsReady?.isTrue == true }
            let since = Self.since
            try await bed.hear(since: since)
            let open = try await bed.waitForTrigger("has one open") { $0.openTickets == 1 }
            #expect(open.status?.alerts?.count == 1, "what the gateway wrote stays")
            try await bed.hear(since: since, ended: Timestamp(Date().addingTimeInterval(-5)))
            try await bed.waitForTrigger("has none open") { $0.openTickets == 0 }

            let calls = server.calls.all
            #expect(calls.map(\.method) == ["POST", "PATCH"] && calls.map(\.status) == [201, 200])
            #expect(calls.map(\.path) == ["/tickets", "/tickets/T%2F1"] && calls.last?.open == 0)
            let entry = try #require(
                try await bed.outside.records.tickets.entries(
                    ofTrigger: open.metadata.uid, ids: [], since: .distantPast
                ).readable.first)
            #expect(entry.state == .closed && entry.ticketID == "T/1" && entry.namespaceUID != nil)
            #expect(calls.map(\.id) == ["\(entry.id)-open", "\(entry.id)-close"])
            #expect(
                try Self.json(calls[0])
                    == .object([
                        "machine": .string("press-4"), "title": .string("stops: "), "key": .string(entry.id),
                    ]))
            // Nowhere what signs in.
            let secret = try #require(TicketServer.authorization.split(separator: " ").last)
            #expect(!courier.log.contains(secret))
            #expect(!"\(entry)".contains(secret))
        }
    }

    @Test func alertThatComesBackHasATicketOfItsOwn() async throws {
        let server = try TicketServer()
        defer { server.stop() }
        try await DeliveryBed.run("tickets-again") { bed in
            try await bed.createTickets(server)
            try await bed.createTicketTrigger()
            let courier = try bed.courier()
            defer { courier.end() }
            let since = Self.since
            for open in [1, 0, 1, 0] {
                try await bed.hear(since: since, ended: open == 0 ? Timestamp(Date()) : nil)
                try await bed.waitForTrigger("has \(open) open") { $0.openTickets == open }
            }
            let calls = server.calls.all
            #expect(calls.map(\.method) == ["POST", "PATCH", "POST", "PATCH"])
            #expect(calls.map(\.path) == ["/tickets", "/tickets/T%2F1", "/tickets", "/tickets/T%2F2"])
            #expect(Set(calls.map(\.id)).count == 4 && calls.last?.open == 0)
        }
    }

    @Test func ticketOfATriggerThatIsDeletedWhileNoCourierRunsIsClosed() async throws {
        let server = try TicketServer()
        defer { server.stop() }
        try await DeliveryBed.run("tickets-gone") { bed in
            try await bed.createTickets(server)
            try await bed.createTicketTrigger()
            let courier = try bed.courier()
            try await bed.hear(since: Self.since)
            try await bed.waitForTrigger("has one open") { $0.openTickets == 1 }
            courier.end()
            try await bed.cluster.kubectl("delete", "rtrig", "stops", "-n", bed.namespace)
            let next = try bed.courier()
            defer { next.end() }
            try await eventually("it is closed: \(next.log.suffix(2000))", within: .seconds(120)) {
                server.taken.last?.open == 0
            }
            #expect(server.taken.map(\.method) == ["POST", "PATCH"])
        }
    }

    @Test func refusalIsToldAndNothingOfASecret() async throws {
        let server = try TicketServer()
        defer { server.stop() }
        try await DeliveryBed.run("tickets-refused") { bed in
            try await bed.createTickets(server, authorization: "Bearer wr0ng-secret")
            try await bed.createTicketTrigger()
            let courier = try bed.courier()
            defer { courier.end() }
            let since = Self.since
            try await bed.hear(since: since)
            // That can be mended on either side, and is tried again.
            let delayed = try await bed.waitForTrigger("says that it isn't opened") {
                $0.ticketsReady?.reason == Reason.ticketDelayed
            }
            let words = try #require(delayed.status?.ticketsReady?.message)
            // The server repeats what it was sent.
            #expect(words.contains("answered 401") && !words.contains("wr0ng-secret"), "\(words)")
            #expect(!courier.log.contains("wr0ng-secret"))
            let wide = try await bed.cluster.kubectl("get", "rtrig", "stops", "-o", "wide", "-n", bed.namespace)
            #expect(wide.contains("TICKETS"))
            try await bed.createTickets(server)
            try await bed.waitForTrigger("has one open") { $0.openTickets == 1 }

            // Another firing, of an alert that lacks what the other side wants.
            try await bed.hear(since: since.adding(5), machine: nil)
            let refused = try await bed.waitForTrigger("says that it was refused") {
                $0.ticketsReady?.reason == Reason.ticketRefused
            }
            #expect(refused.status?.ticketsReady?.message.contains("answered 422") == true)
        }
    }

    /// What may have arrived is sent again with the same id, which the other side knows.
    @Test func killedAtEachWriteOfTheLedgerATicketIsOpenedOnceAndClosedOnce() async throws {
        try await DeliveryBed.run("tickets-killed") { bed in
            let points = KillMoment.allCases.filter { $0 != .half }.flatMap { moment in
                (1...4).map { KillPoint(number: $0, moment: moment) }
            }
            for half in [points.prefix(4), points.suffix(4)] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for point in half { group.addTask { try await bed.anew { try await Self.kill(at: point, $0) } } }
                    try await group.waitForAll()
                }
            }
        }
    }

    private static func kill(at point: KillPoint, _ bed: DeliveryBed) async throws {
        let server = try TicketServer()
        defer { server.stop() }
        let proxy = KillingProxy(toPort: try bed.mongoPort) { data in
            data.range(of: Data("report_tickets\0".utf8)) != nil
                && ["insert\0", "update\0"].contains { data.range(of: Data($0.utf8)) != nil }
        }
        defer { proxy.stop() }
        let (uri, options) = (try bed.mongoURI(port: proxy.port), ["--send-timeout", "5"])
        try await bed.createTickets(server)
        try await bed.createTicketTrigger()
        let courier = try bed.courier(uri: uri, options: options)
        defer { courier.end() }
        try await bed.waitUntilChannelsWork()
        try await bed.waitForTrigger("is ready") { $0.ticketsReady?.isTrue == true }
        proxy.begin(point, of: courier)
        // Whether there is another courier by now: it may have been killed before anybody waits.
        var isReplaced = false
        /// Waits until that many are open, by whichever courier, and returns the one that has to be ended.
        func wait(for open: Int) async throws -> CourierProcess? {
            @Sendable func isDone() async throws -> Bool {
                let trigger = try await bed.cluster.client.get(
                    ReportTrigger.self, name: "stops", namespace: bed.namespace)
                return trigger.status?.openTickets == open && server.taken.last?.open == open
            }
            try await eventually("\(point): killed, or \(open) open", within: .seconds(120)) {
                if !isReplaced, proxy.standing().hasFired { return true }
                return try await isDone()
            }
            guard !isReplaced, proxy.standing().hasFired else { return nil }
            isReplaced = true
            proxy.disarm()
            let next = try bed.courier(uri: uri, options: options)
            try await eventually("\(point): \(open) open: \(next.log.suffix(1500))", within: .seconds(120)) {
                try await isDone()
            }
            return next
        }
        let since = Self.since
        try await bed.hear(since: since)
        let second = try await wait(for: 1)
        defer { second?.end() }
        try await bed.hear(since: since, ended: Timestamp(Date().addingTimeInterval(-5)))
        let third = try await wait(for: 0)
        defer { third?.end() }
        #expect(proxy.standing().hasFired, "\(point)")
        #expect(server.taken.last?.all == 1, "\(point)")
        #expect(Set(server.taken.compactMap(\.id)).count == 2, "\(point)")
    }
}
