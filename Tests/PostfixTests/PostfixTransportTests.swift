import Digests
import Foundation
import LoopbackSupport
import MailMessages
import MailTransport
import PostfixSupport
import Testing

/// Messages through a real Postfix.
@Suite(.timeLimit(.minutes(3)))
struct PostfixTransportTests {
    private let credentials = MailServer.Credentials.password(user: Postfix.user, password: Postfix.password)

    private func message(to recipient: String) throws -> MailMessage {
        let recipient = try MailAddress(recipient)
        return MailMessage(
            id: MessageID(delivery: "0b8f", recipient: recipient, domain: "example.com"),
            secondsSince1970: 1_795_862_120, from: try Mailbox("Bücher & Söhne 🙂 <reports@example.com>"),
            recipient: Mailbox(name: "Dana Größe", address: recipient), subject: "Saldenliste März 🙂",
            text: "Grüße.\n.\nEnde")
    }

    private func server(_ url: String, of postfix: Postfix) throws -> MailServer {
        var server = try MailServer(url)
        server.authorities = .file(postfix.authorityFile)
        return server
    }

    @Test func nineteenMegabytesArriveByEitherKindOfTLSAsTheyWere() async throws {
        try await Postfix.withOne { postfix in
            // 19 MB in the mail, 14 MB as a file: streamed from the disk.
            let path = postfix.folder.appending(path: "attachment").path
            let content = Data((0..<14_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
            try content.write(to: URL(filePath: path))
            for (recipient, url) in [("a@example.com", postfix.startTLS), ("b@example.com", postfix.implicitTLS)] {
                let transport = MailTransport(to: try server(url, of: postfix))
                let check = await transport.check(as: credentials, by: .now + .seconds(30))
                guard case .sent = check else { throw Postfix.Failure("\(url): \(check)") }
                var message = try message(to: recipient)
                message.html = "<p>Grüße</p>"
                message.attachments = [
                    MailAttachment(
                        name: "Saldenliste März 🙂.xlsx", mediaType: "application/octet-stream",
                        content: .file(path: path, size: content.count))
                ]
                #expect(message.encoded().size > 19_000_000)
                let outcome = await transport.send(message, as: credentials, by: .now + .seconds(60))
                guard case .sent(let words) = outcome else { throw Postfix.Failure("\(url): \(outcome)") }
                #expect(words.contains("queued as"))

                let mail = try #require(try await postfix.mail(to: recipient, count: 1).first)
                #expect(mail["From"] == "Bücher & Söhne 🙂 <reports@example.com>")
                #expect(mail["To"] == "Dana Größe <\(recipient)>")
                #expect(mail["Subject"] == "Saldenliste März 🙂")
                #expect(mail["Message-ID"] == message.id.description)
                #expect(mail["Date"] == "Sat, 28 Nov 2026 10:35:20 +0000")
                #expect(mail.text == "Grüße.\n.\nEnde")
                #expect(mail.html == "<p>Grüße</p>")
                #expect(mail.files.map(\.name) == ["Saldenliste März 🙂.xlsx"])
                #expect(mail.files.map(\.sha256) == [SHA256.of(content)])
                #expect(mail.defects == [])
            }
        }
    }

    @Test func refusedAndDeferredRecipientsAreToldInItsWords() async throws {
        try await Postfix.withOne { postfix in
            let transport = MailTransport(to: try server(postfix.startTLS, of: postfix))
            func outcome(_ message: MailMessage) async -> MailOutcome {
                await transport.send(message, as: credentials, by: .now + .seconds(30))
            }
            #expect(
                await outcome(try message(to: "gone@example.com"))
                    == .refused(
                        code: 550, words: "5.1.1 <gone@example.com>: Recipient address rejected: no such mailbox"))
            #expect(
                await outcome(try message(to: "later@example.com"))
                    == .deferred(
                        code: 451, words: "4.2.1 <later@example.com>: Recipient address rejected: try later"))
            var large = try message(to: "dana@example.com")
            large.attachments = [
                MailAttachment(name: "a", mediaType: "a/b", content: .bytes(Array(repeating: 1, count: 24_000_000)))
            ]
            #expect(await outcome(large) == .refused(code: 552, words: "5.3.4 Message size exceeds fixed limit"))
            // The connection is good for the next one, whatever became of those before.
            guard case .sent = await outcome(try message(to: "dana@example.com")) else {
                throw Postfix.Failure("a mail after three refused ones wasn't sent")
            }
            #expect(try await postfix.mail(to: "dana@example.com", count: 1).count == 1)
            #expect(postfix.arrivedCount == 1)
        }
    }

    @Test func faultsOfTheChannelAreNamed() async throws {
        try await Postfix.withOne { postfix in
            for url in [postfix.startTLS, postfix.implicitTLS] {
                let server = try server(url, of: postfix)
                let outcome = await MailTransport(to: server).check(
                    as: .password(user: Postfix.user, password: "wrong"), by: .now + .seconds(30))
                guard case .configuration(.authentication, let words) = outcome else {
                    throw Postfix.Failure("\(url): \(outcome)")
                }
                #expect(words.contains("535 5.7.8"))
                var stranger = server
                stranger.authorities = nil
                let unknown = await MailTransport(to: stranger).check(as: credentials, by: .now + .seconds(30))
                guard case .configuration(.tls, let reason) = unknown else {
                    throw Postfix.Failure("\(url) without its authority: \(unknown)")
                }
                #expect(reason.contains("certificate"))
            }
            let plain = await MailTransport(to: try server(postfix.plain, of: postfix)).check(by: .now + .seconds(30))
            #expect(
                plain
                    == .configuration(
                        .startTLSMissing, words: "The server offers no STARTTLS, without which nothing is sent"))
        }
    }

    @Test func hundredMailsGoOverOneConnection() async throws {
        try await Postfix.withOne { postfix in
            let transport = MailTransport(to: try server(postfix.startTLS, of: postfix))
            let begin = ContinuousClock.now
            for number in 0..<100 {
                let outcome = await transport.send(
                    try message(to: "r\(number)@example.com"), as: credentials, by: .now + .seconds(30))
                guard case .sent = outcome else { throw Postfix.Failure("mail \(number): \(outcome)") }
            }
            print("100 mails were taken by Postfix in \(ContinuousClock.now - begin)")
            try await eventually("\(postfix.arrivedCount) of 100 have arrived") { postfix.arrivedCount == 100 }
            #expect(Set(try await postfix.mail().map(\.originalRecipient)).count == 100)
            // Those by which it was found to be there sign in to nothing.
            let ends = postfix.log.split(separator: "\n").filter { $0.contains("disconnect") && $0.contains("mail=") }
            #expect(ends.isEmpty, "\(ends)")
        }
    }

    @Test func serverThatIsEndedOrStalledDelaysAMailAndLosesNone() async throws {
        try await Postfix.withOne { postfix in
            let transport = MailTransport(to: try server(postfix.implicitTLS, of: postfix))
            func outcome(_ recipient: String, within limit: Duration = .seconds(30)) async throws -> MailOutcome {
                await transport.send(try message(to: recipient), as: credentials, by: .now + limit)
            }
            guard case .sent = try await outcome("a@example.com") else { throw Postfix.Failure("the first") }
            try await postfix.kill()
            // On the kept connection first, then on a new one.
            guard case .deferred(nil, _) = try await outcome("b@example.com") else {
                throw Postfix.Failure("a server that isn't there took a mail")
            }
            try await postfix.start()
            guard case .sent = try await outcome("b@example.com") else { throw Postfix.Failure("after its start") }
            try postfix.pause()
            let stalled = try await outcome("c@example.com", within: .seconds(2))
            guard case .deferred(nil, let words) = stalled else { throw Postfix.Failure("\(stalled)") }
            #expect(words.contains("timed out"), "\(words)")
            try postfix.resume()
            guard case .sent = try await outcome("c@example.com") else { throw Postfix.Failure("after the stall") }
            for recipient in ["a", "b", "c"].map({ "\($0)@example.com" }) {
                #expect(try await postfix.mail(to: recipient, count: 1).count == 1)
            }
            #expect(postfix.arrivedCount == 3)
        }
    }
}
