import Foundation
import LoopbackSupport
import MailMessages
import MailTransport
import NetworkAddresses
import Testing

/// What becomes of a message, by what the server does.
@Suite(.timeLimit(.minutes(2)))
struct ScriptedServerTests {
    typealias Script = ScriptedServer.Script

    private func outcome(
        _ script: Script, _ message: MailMessage? = nil, as credentials: MailServer.Credentials? = nil,
        within limit: Duration = .seconds(30)
    ) async throws -> MailOutcome {
        let server = ScriptedServer(script)
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        let message = try message ?? Self.plain()
        return await transport.send(message, as: credentials, by: .now + limit)
    }

    @Test func serverOfAPrivateAddressIsNotConnectedToWhereOnlyPublicOnesMayBe() async throws {
        let scripted = ScriptedServer()
        defer { scripted.listener.stop() }
        var server = scripted.server
        server.addressRule = .publicOnly
        let refused = await MailTransport(to: server).send(try Self.plain(), by: .now + .seconds(30))
        #expect(refused == .configuration(.address, words: "127.0.0.1 is a loopback address"))
        #expect(scripted.listener.connectionCount == 0)
    }

    private static func plain() throws -> MailMessage { try MailTransportTests.message() }

    @Test func takenMessageIsTheEncodedOneByteForByte() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        var message = try message(text: ".\n.dot at a line's begin\n..\n" + String(repeating: "long line. ", count: 40))
        message.html = "<p>Größe</p>"
        message.attachments = [
            MailAttachment(
                name: "a.pdf", mediaType: "application/pdf", content: .bytes((0..<100_000).map { UInt8($0 % 251) }))
        ]
        let outcome = await MailTransport(to: server.server).send(message, by: .now + .seconds(30))
        #expect(outcome == .sent(words: "250 2.0.0 queued as 1"))
        #expect(server.messages.all == [message.encoded().text])
        #expect(message.encoded().size == message.encoded().text.utf8.count)
        #expect(server.commands.all.filter { $0.hasPrefix("RCPT") } == ["RCPT TO:<dana@example.com>"])
        #expect(server.commands.all.contains { $0.hasPrefix("MAIL FROM:<reports@example.com>") })
    }

    @Test(arguments: [
        ("550 5.1.1 no such mailbox", MailOutcome.refused(code: 550, words: "5.1.1 no such mailbox")),
        ("451 4.2.1 try later", .deferred(code: 451, words: "4.2.1 try later")),
        ("550-5.7.1 we don't\r\n550 5.7.1 know you", .refused(code: 550, words: "5.7.1 we don't 5.7.1 know you")),
    ])
    func refusedRecipientHasTheServersWords(reply: String, expected: MailOutcome) async throws {
        #expect(try await outcome(Script(recipients: ["dana@example.com": reply])) == expected)
    }

    @Test(arguments: [
        (Script(mail: "552 5.3.4 too large"), MailOutcome.refused(code: 552, words: "5.3.4 too large")),
        (Script(data: "554 5.5.1 no"), .refused(code: 554, words: "5.5.1 no")),
        (Script(afterMessage: .reply("554 5.7.1 spam")), .refused(code: 554, words: "5.7.1 spam")),
        (Script(afterMessage: .reply("452 4.3.1 disk full")), .deferred(code: 452, words: "4.3.1 disk full")),
        (Script(greeting: "421 4.3.2 too busy"), .deferred(code: 421, words: "4.3.2 too busy")),
        (Script(greeting: "554 5.3.2 no service"), .configuration(.server, words: "554 5.3.2 no service")),
        (
            Script(mail: "530 5.7.0 Authentication required"),
            .configuration(.authentication, words: "530 5.7.0 Authentication required")
        ),
    ])
    func refusalIsToldByItsCodeAndPlace(script: Script, expected: MailOutcome) async throws {
        #expect(try await outcome(script) == expected)
    }

    @Test func refusalLeavesTheNextMessageAlone() async throws {
        let server = ScriptedServer(Script(recipients: ["gone@example.com": "550 5.1.1 gone"]))
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        let first = await transport.send(try message(to: "gone@example.com"), by: .now + .seconds(30))
        #expect(first == .refused(code: 550, words: "5.1.1 gone"))
        let second = await transport.send(try message(), by: .now + .seconds(30))
        #expect(second == .sent(words: "250 2.0.0 queued as 1"))
    }

    @Test func connectionCutInTheMiddleOfTheMessageIsNotSent() async throws {
        var large = try message()
        large.attachments = [
            MailAttachment(name: "a.bin", mediaType: "", content: .bytes(Array(repeating: 7, count: 19_000_000)))
        ]
        guard case .deferred(nil, _) = try await outcome(Script(cutAfter: 100_000), large) else {
            Issue.record("must be deferred")
            return
        }
    }

    @Test func connectionCutAfterTheFinalDotIsUncertain() async throws {
        guard case .uncertain = try await outcome(Script(afterMessage: .cut)) else {
            Issue.record("must be uncertain")
            return
        }
    }

    /// By itself libcurl waits for a minute or two.
    @Test(.timeLimit(.minutes(1))) func stallAfterTheFinalDotIsCutAtTheDeadlineAndUncertain() async throws {
        guard case .uncertain = try await outcome(Script(afterMessage: .stall), within: .milliseconds(600)) else {
            Issue.record("must be uncertain")
            return
        }
    }

    @Test(.timeLimit(.minutes(1))) func whoLetsGoOfATransportDoesNotWaitForItsServer() async throws {
        let server = ScriptedServer(Script(afterMessage: .stall))
        defer { server.listener.stop() }
        for _ in 0..<10 {
            var transport: MailTransport? = MailTransport(to: server.server)
            _ = await transport?.send(try Self.plain(), by: .now + .milliseconds(200))
            transport = nil
        }
    }

    @Test func stallBeforeTheMessageIsCutAtTheDeadlineAndDeferred() async throws {
        let stall = Script(recipients: ["dana@example.com": ""])
        guard case .deferred(nil, _) = try await outcome(stall, within: .milliseconds(600)) else {
            Issue.record("must be deferred")
            return
        }
    }

    @Test func cancelledSendStopsBeforeTheMessage() async throws {
        let server = ScriptedServer(Script(recipients: ["dana@example.com": ""]))
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        let message = try message()
        let sending = Task { await transport.send(message, by: .now + .seconds(60)) }
        try await eventually { server.commands.all.contains { $0.hasPrefix("RCPT") } }
        sending.cancel()
        #expect(await sending.value == .deferred(code: nil, words: "Stopped before the message was sent"))
    }

    @Test func stalledServerHoldsNoOtherConnectionBack() async throws {
        let server = ScriptedServer(Script(recipients: ["slow@example.com": ""]))
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server, connections: 2)
        let slow = try message(to: "slow@example.com")
        let stalled = Task { await transport.send(slow, by: .now + .seconds(60)) }
        try await eventually { server.commands.all.contains { $0.hasPrefix("RCPT") } }
        #expect(await transport.send(try message(), by: .now + .seconds(30)) == .sent(words: "250 2.0.0 queued as 1"))
        stalled.cancel()
        _ = await stalled.value
    }

    @Test func deadlineThatIsOverSendsNothing() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        let outcome = await MailTransport(to: server.server).send(try message(), by: .now - .seconds(1))
        #expect(outcome == .deferred(code: nil, words: "The time was over"))
        #expect(server.listener.connectionCount == 0)
    }

    @Test func nobodyListeningIsDeferred() async throws {
        let port = LoopbackListener().port
        let server = MailServer(host: "127.0.0.1", port: port == 1 ? 2 : 1, security: .none)
        guard case .deferred(nil, _) = await MailTransport(to: server).send(try message(), by: .now + .seconds(30))
        else {
            Issue.record("must be deferred")
            return
        }
    }

    @Test func connectionIsKeptForTheNextMessage() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        for _ in 0..<20 {
            #expect(
                await transport.send(try message(), by: .now + .seconds(30)) == .sent(words: "250 2.0.0 queued as 1"))
        }
        #expect(server.listener.connectionCount == 1)
        #expect(server.messages.all.count == 20)
    }

    @Test(arguments: [nil, "421 4.4.2 idle for too long"])
    func keptConnectionThatIsDeadIsTriedOnceMoreAtOnce(farewell: String?) async throws {
        let server = ScriptedServer(Script(lastMessage: 1, farewell: farewell))
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        for number in 1...3 {
            #expect(
                await transport.send(try message(), by: .now + .seconds(30)) == .sent(words: "250 2.0.0 queued as 1"))
            #expect(server.listener.connectionCount == number)
            try await eventually { server.listener.openCount == 0 }
        }
        #expect(server.messages.all.count == 3)
    }

    @Test func stopJustBeforeTheMessageSendsNothing() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        let outcome = await MailTransport(to: server.server).send(try message(), by: .now + .seconds(30)) { false }
        #expect(outcome == .deferred(code: nil, words: "Stopped before the message was sent"))
        try await eventually { server.listener.openCount == 0 }
        #expect(server.messages.all.isEmpty)
        #expect(server.commands.all.contains("DATA"))
    }

    @Test func attachmentThatCantBeReadSendsNothing() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        var message = try message()
        message.attachments = [
            MailAttachment(name: "a", mediaType: "text/plain", content: .file(path: "/nowhere/a", size: 5))
        ]
        let outcome = await MailTransport(to: server.server).send(message, by: .now + .seconds(30))
        #expect(outcome == .deferred(code: nil, words: "/nowhere/a can't be opened: No such file or directory"))
        #expect(server.messages.all.isEmpty)
    }

    @Test func proxyOfTheEnvironmentIsNotUsed() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
        defer { unsetenv("ALL_PROXY") }
        let outcome = await MailTransport(to: server.server).send(try message(), by: .now + .seconds(30))
        #expect(outcome == .sent(words: "250 2.0.0 queued as 1"))
    }

    // MARK: Signing in

    @Test(arguments: ["AUTH XOAUTH2", "AUTH OAUTHBEARER XOAUTH2 PLAIN LOGIN"])
    func tokenIsTakenUntilItExpires(offer: String) async throws {
        let token = String(repeating: "t", count: 3000)
        let server = ScriptedServer(Script(extensions: [offer], token: token))
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        let expired = await transport.send(
            try message(), as: .bearer(user: "reports@example.com", token: "old"), by: .now + .seconds(30))
        guard case .configuration(.authentication, let words) = expired else {
            Issue.record("must be a fault of authentication: \(expired)")
            return
        }
        #expect(words.contains(#""status":"401""#))
        let fresh = await transport.send(
            try message(), as: .bearer(user: "reports@example.com", token: token), by: .now + .seconds(30))
        #expect(fresh == .sent(words: "250 2.0.0 queued as 1"))
        #expect(server.commands.all.filter { $0.hasPrefix("AUTH") } == ["AUTH XOAUTH2", "AUTH XOAUTH2"])
        // No initial response: a line of SMTP holds 512 bytes.
        #expect(server.commands.all.filter { $0.hasPrefix("AUTH") }.allSatisfy { $0.utf8.count < 30 })
    }

    @Test func serverThatOffersNoSignInGetsNothing() async throws {
        let server = ScriptedServer()
        defer { server.listener.stop() }
        let transport = MailTransport(to: server.server)
        let credentials = MailServer.Credentials.password(user: "reports", password: "secret")
        let expected = MailOutcome.configuration(
            .authentication, words: "The server offers no way to sign in that fits the channel's credentials")
        #expect(await transport.check(as: credentials, by: .now + .seconds(30)) == expected)
        #expect(await transport.send(try message(), as: credentials, by: .now + .seconds(30)) == expected)
        #expect(server.messages.all.isEmpty)
    }

    @Test func serverWithoutSTARTTLSHearsNoPassword() async throws {
        let server = ScriptedServer(Script(extensions: ["AUTH PLAIN"]))
        defer { server.listener.stop() }
        var named = server.server
        named.security = .startTLS
        let outcome = await MailTransport(to: named).send(
            try message(), as: .password(user: "reports", password: "secret"), by: .now + .seconds(30))
        #expect(
            outcome
                == .configuration(
                    .startTLSMissing, words: "The server offers no STARTTLS, without which nothing is sent"))
        #expect(!server.commands.all.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test func checkSignsInAndSendsNothing() async throws {
        let server = ScriptedServer(Script(extensions: ["AUTH PLAIN"]))
        defer { server.listener.stop() }
        let outcome = await MailTransport(to: server.server).check(
            as: .password(user: "reports", password: "secret"), by: .now + .seconds(30))
        #expect(outcome == .sent(words: "250 2.0.0 ok"))
        #expect(server.commands.all.contains("NOOP"))
        #expect(!server.commands.all.contains { $0.hasPrefix("MAIL") })
    }
}
