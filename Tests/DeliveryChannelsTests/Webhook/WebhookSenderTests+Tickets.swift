import ChannelServers
import DeliveryChannels
import DeliveryPlanning
import ReportAPI
import Testing

/// Messages that open and close tickets.
extension WebhookSenderTests {
    private func post(_ url: String, _ method: ReportChannelSpec.Webhook.Ticket.Close.Method = .post) -> TicketPost {
        TicketPost(
            id: "u-1-open", method: method, url: url, body: Array(#"{"title": "ä"}"#.utf8),
            answersID: JSONPointer("/data/id"))
    }

    private func send(_ post: TicketPost, through sender: any TicketSender) async -> SendOutcome {
        await sender.send(post, by: .now + .seconds(60), mayBegin: { true })
    }

    @Test("A ticket's message is signed, and signs in") func ticket() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let sender = try sender(receiver.url, keys: ["key": Self.key, "authorization": "Bearer abc\n"])
        let answer = "?status=201&type=application/json&say=%7B%22data%22:%7B%22id%22:%22T-7%22%7D%7D"
        let outcome = await send(post(receiver.url + "/tickets" + answer), through: sender)
        #expect(outcome == .sent(id: "T-7", words: "127.0.0.1 answered 201"))
        let closed = await send(post(receiver.url + "/tickets/T-7", .patch), through: sender)
        #expect(closed == .sent(id: nil, words: "127.0.0.1 answered 204"))
        let records = try await receiver.wait(for: 2)
        #expect(records.map(\.method) == ["POST", "PATCH"])
        #expect(records.allSatisfy { $0.verified == [true] && $0.authorization == "Bearer abc" })
        #expect(records.allSatisfy { $0.id == "u-1-open" && $0.message == #"{"title": "ä"}"# })
        // A report's message signs in, too; without one in the Secret nothing is sent.
        _ = await send(through: sender)
        _ = await send(through: try self.sender(receiver.url))
        #expect(try await receiver.wait(for: 4).suffix(2).map(\.authorization) == ["Bearer abc", nil])
    }

    @Test(
        "What a system of tickets answers",
        arguments: [
            (400, "refused"), (404, "refused"), (409, "refused"), (410, "refused"), (422, "refused"),
            (401, "misconfigured"), (403, "misconfigured"), (302, "misconfigured"), (408, "deferred"),
            (425, "deferred"), (429, "deferred"), (500, "deferred"), (503, "deferred"),
        ])
    func ticketAnswers(status: Int, outcome: String) async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        let sender = try sender(receiver.url, keys: ["key": Self.key, "authorization": "Bearer s3cret"])
        let found = await send(
            post(receiver.url + "/?status=\(status)&Retry-After=7&say=not+s3cret,+Bearer+s3cret"), through: sender)
        switch found {
        case .refused(let words): #expect(outcome == "refused" && words.contains("answered \(status)"))
        case .misconfigured(let words): #expect(outcome == "misconfigured" && words.contains("\(status)"))
        case .deferred(_, let after): #expect(outcome == "deferred" && after == .seconds(7))
        case .sent, .uncertain: Issue.record("\(found)")
        }
        #expect(!"\(found)".contains("s3cret"), "\(found)")
    }

    @Test("A lost answer is uncertain") func lostAnswer() async throws {
        let receiver = try WebhookReceiver(keys: [Self.key])
        defer { receiver.stop() }
        guard case .uncertain = await send(post(receiver.url + "/cut-after"), through: try sender(receiver.url)) else {
            Issue.record("not uncertain")
            return
        }
    }
}
