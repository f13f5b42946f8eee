import DeliveryChannels
import LoopbackSupport
import ReportAPI
import Testing

@Suite("Where a channel of type Mail may connect to") struct MailAddressRuleTests {
    private func trial(_ server: String, allowsPrivate: Bool?) async throws -> ChannelTrial {
        var spec = ReportChannelSpec(
            type: .mail,
            mail: .init(server: server, from: "reports@example.com", allowedRecipients: ["@example.com"]))
        spec.allowPrivateAddresses = allowsPrivate
        let sender = try MailSender(spec, secrets: ChannelSecrets())
        return await sender.trial(by: .now + .seconds(30))
    }

    @Test(arguments: [nil, false]) func aPrivateServerHasToBeAllowed(allowsPrivate: Bool?) async throws {
        let server = LoopbackListener { $0.write("220 inside\r\n") }
        defer { server.stop() }
        let words =
            "127.0.0.1:\(server.port): 127.0.0.1 is a loopback address; set spec.allowPrivateAddresses: true if it is meant"
        #expect(
            try await trial("smtp://127.0.0.1:\(server.port)", allowsPrivate: allowsPrivate)
                == .misconfigured(words: words))
        #expect(server.connectionCount == 0)
    }

    @Test func anAllowedOneIsConnectedTo() async throws {
        let server = LoopbackListener { $0.write("421 busy\r\n") }
        defer { server.stop() }
        guard case .unreachable = try await trial("smtp://127.0.0.1:\(server.port)", allowsPrivate: true) else {
            Issue.record("a busy server counts as something else")
            return
        }
        #expect(server.connectionCount > 0)
    }
}
