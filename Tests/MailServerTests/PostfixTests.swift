import Foundation
import LoopbackSupport
import MailMessages
import MailTransport
import Testing

/// Mail through a real Postfix.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PostfixTests {
    private let credentials = MailServer.Credentials.password(user: Postfix.user, password: Postfix.password)

    private func message(to recipient: String) throws -> MailMessage {
        let recipient = try MailAddress(recipient)
        return MailMessage(
            id: MessageID(delivery: "0b8f", recipient: recipient, domain: "example.com"),
            secondsSince1970: 1_795_862_120, from: try Mailbox("Bücher & Söhne 🙂 <reports@example.com>"),
            recipient: Mailbox(name: "Dana Größe", address: recipient), subject: "Saldenliste März 🙂",
            text: "Grüße.\n.\nEnde")
    }

    private func withPostfix(_ body: (Postfix, MailServer, MailServer) async throws -> Void) async throws {
        let postfix = try Postfix()
        defer { postfix.stop() }
        try await postfix.ready()
        var startTLS = try MailServer("smtp://127.0.0.1:\(postfix.startTLSPort)")
        startTLS.authorities = .file(postfix.authority)
        var implicitTLS = try MailServer("smtps://localhost:\(postfix.implicitTLSPort)")
        implicitTLS.authorities = .bytes(Array(try Data(contentsOf: URL(fileURLWithPath: postfix.authority))))
        do { try await body(postfix, startTLS, implicitTLS) } catch {
            Issue.record("\(error)\n\(postfix.log)")
        }
    }

    @Test func mailIsTakenByEitherKindOfTLSAndParsedAgain() async throws {
        try await withPostfix { postfix, startTLS, implicitTLS in
            // 19 MB in the mail, 14 MB as a file: streamed from the disk.
            let path = postfix.folder.appending(path: "attachment")
            let content = Data((0..<14_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
            try content.write(to: path)
            for (name, server) in [("starttls", startTLS), ("smtps", implicitTLS)] {
                let transport = MailTransport(to: server)
                guard case .sent = await transport.check(as: credentials, by: .now + .seconds(30)) else {
                    Issue.record("\(name) isn't ready: \(postfix.log)")
                    return
                }
                var message = try message(to: "\(name)@example.com")
                message.html = "<p>Grüße</p>"
                message.attachments = [
                    MailAttachment(
                        name: "Saldenliste März 🙂.xlsx", mediaType: "application/octet-stream",
                        content: .file(path: path.path, size: content.count))
                ]
                #expect(message.encoded().size > 19_000_000)
                let outcome = await transport.send(message, as: credentials, by: .now + .seconds(60))
                guard case .sent(let words) = outcome else {
                    Issue.record("\(outcome)\n\(postfix.log)")
                    return
                }
                #expect(words.contains("queued as"))
            }
            try await eventually(postfix.log) { postfix.delivered().count == 2 }
            for file in postfix.delivered() {
                let fields = try Postfix.run(
                    "python3", "-c",
                    """
                    import email, email.policy, sys
                    m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
                    a, = m.iter_attachments()
                    same = a.get_content() == open(sys.argv[2], 'rb').read()
                    print(m['From'], m['Subject'], a.get_filename(), same, m['Message-ID'], sep='|')
                    print(m['To'], repr(m.get_body(('plain',)).get_content()), sep='|')
                    print(*[d for p in m.walk() for d in p.defects])
                    """, file.path, path.path
                ).split(separator: "\n", omittingEmptySubsequences: false)
                let start =
                    "Bücher & Söhne 🙂 <reports@example.com>|Saldenliste März 🙂|Saldenliste März 🙂.xlsx|True|<0b8f."
                #expect(fields[0].hasPrefix(start), "\(fields[0])")
                #expect(fields[1].hasPrefix("Dana Größe <"), "\(fields[1])")
                #expect(fields[1].hasSuffix(#"'Grüße.\n.\nEnde'"#), "\(fields[1])")
                #expect(fields[2] == "")
            }
        }
    }

    @Test func refusedAndDeferredRecipientsAreToldInItsWords() async throws {
        try await withPostfix { postfix, startTLS, _ in
            let transport = MailTransport(to: startTLS)
            let gone = await transport.send(
                try message(to: "gone@example.com"), as: credentials, by: .now + .seconds(30))
            #expect(
                gone
                    == .refused(
                        code: 550, words: "5.1.1 <gone@example.com>: Recipient address rejected: no such mailbox"))
            let later = await transport.send(
                try message(to: "later@example.com"), as: credentials, by: .now + .seconds(30))
            #expect(
                later == .deferred(code: 451, words: "4.2.1 <later@example.com>: Recipient address rejected: try later")
            )
            var large = try message(to: "dana@example.com")
            large.attachments = [
                MailAttachment(name: "a", mediaType: "a/b", content: .bytes(Array(repeating: 1, count: 24_000_000)))
            ]
            let outcome = await transport.send(large, as: credentials, by: .now + .seconds(30))
            #expect(outcome == .refused(code: 552, words: "5.3.4 Message size exceeds fixed limit"))
            #expect(postfix.delivered().isEmpty)
        }
    }

    @Test func faultsOfTheChannelAreNamed() async throws {
        try await withPostfix { postfix, startTLS, implicitTLS in
            for server in [startTLS, implicitTLS] {
                let outcome = await MailTransport(to: server).check(
                    as: .password(user: Postfix.user, password: "wrong"), by: .now + .seconds(30))
                guard case .configuration(.authentication, let words) = outcome else {
                    Issue.record("\(outcome)\n\(postfix.log)")
                    return
                }
                #expect(words.contains("535 5.7.8"))
                var stranger = server
                stranger.authorities = nil
                guard
                    case .configuration(.tls, let reason) = await MailTransport(to: stranger).check(
                        as: credentials, by: .now + .seconds(30))
                else {
                    Issue.record("an authority that isn't trusted must be a fault of TLS")
                    return
                }
                #expect(reason.contains("certificate"))
            }
        }
    }

    @Test func manyMailsGoOverOneConnection() async throws {
        try await withPostfix { postfix, startTLS, _ in
            let transport = MailTransport(to: startTLS)
            let begin = ContinuousClock.now
            for number in 0..<100 {
                let outcome = await transport.send(
                    try message(to: "r\(number)@example.com"), as: credentials, by: .now + .seconds(30))
                guard case .sent = outcome else {
                    Issue.record("\(outcome)\n\(postfix.log)")
                    return
                }
            }
            print("100 mails by Postfix in \(ContinuousClock.now - begin)")
            try await eventually(postfix.log) { postfix.delivered().count == 100 }
            #expect(postfix.log.components(separatedBy: ": connect from").count == 2 + 1)
        }
    }
}
