import ChannelServers
import DeliveryChannels
import KubernetesModel
import MailMessages
import ReportAPI
import Testing

@Suite("Mail, signed in by tokens", .timeLimit(.minutes(2))) struct MailTokenTests {
    private func sender(_ world: GraphServer.World, secret: String = "s3cret", user: String? = nil) throws -> MailSender
    {
        var channel = world.spec(.mail)
        channel.mail = ReportChannelSpec.Mail(
            server: world.mailServer, from: "reports@example.com", allowedRecipients: ["@example.com"],
            credentials: .init(secretRef: .init(name: "smtp")))
        let secrets = try world.secrets([
            "user": user ?? "\(world.name)@example.com", "tenant": "example.com", "clientID": "app",
            "clientSecret": secret,
        ])
        return try MailSender(channel, secrets: secrets, cloud: world.cloud)
    }

    private func send(_ sender: MailSender) async throws -> SendOutcome {
        var dispatch = Copies.one()
        dispatch.recipient = try MailAddress("dana@example.com")
        return await sender.send(dispatch, by: .now + .seconds(60), mayBegin: { true })
    }

    @Test("A token that expires is asked for anew, and the mail goes out once") func expiry() async throws {
        let world = try GraphServer.world()
        let sender = try sender(world)
        #expect(try await send(sender).isSent)
        try await world.set(.object(["expireTokens": .bool(true)]))
        // The connection may live on; another has to sign in again.
        #expect(try await send(try self.sender(world)).isSent)
        let fresh = try self.sender(world)
        guard case .works(let words) = await fresh.trial(by: .now + .seconds(60)) else { throw CancellationError() }
        #expect(words.hasSuffix("takes mail by TLS, signed in as \(world.name)@example.com"))
        try await world.set(.object(["expireTokens": .bool(true)]))
        #expect(try await send(fresh).isSent)
        #expect(try await world.state().posts.count == 3)
    }

    @Test("A token kept here that the server takes no more is replaced, once") func replaced() async throws {
        let world = try GraphServer.world()
        let sender = try sender(world)
        // One that was given before it was lost.
        try await world.set(.object(["options": .object(["stillborn": .integer(1)])]))
        #expect(try await send(sender).isSent)
        #expect(try await world.state().issued == 2)
        let other = try self.sender(world, user: "elsewhere@example.com")
        let outcome = try await send(other)
        #expect(outcome.isMisconfigured && outcome.words.contains("SMTP.SendAsApp"), "\(outcome)")
        #expect(try await world.state().issued == 4)
    }

    @Test("What Entra ID refuses is what the channel says") func refused() async throws {
        let world = try GraphServer.world()
        let outcome = try await send(try sender(world, secret: "wrong"))
        #expect(outcome.isMisconfigured && outcome.words.contains("AADSTS7000215"))
        #expect(
            await (try sender(world, secret: "wrong")).trial(by: .now + .seconds(60))
                == .misconfigured(words: outcome.words))
    }
}
