import DeliveryChannels
import Digests
import Foundation
import KubernetesModel
import MailMessages
import PostfixSupport
import ReportAPI
import ReportLayout
import Testing

/// What a reader gets of a channel of type Mail, by a real Postfix and Python's `email`.
@Suite(.timeLimit(.minutes(3)))
struct PostfixSenderTests {
    private func sender(
        _ postfix: Postfix, _ change: (inout ReportChannelSpec) -> Void = { _ in }
    ) throws -> MailSender {
        var channel = Reports.channel(to: postfix.startTLS)
        change(&channel)
        return try MailSender(channel, secrets: try Reports.secrets(of: postfix))
    }

    private func send(_ copy: Dispatch, by sender: MailSender) async -> SendOutcome {
        await sender.send(copy, by: .now + .seconds(60)) { true }
    }

    private func sent(_ copy: Dispatch, by sender: MailSender) async throws {
        let outcome = await send(copy, by: sender)
        guard case .sent(_, let words) = outcome, words.contains("queued as") else {
            throw Postfix.Failure("\(outcome)")
        }
    }

    @Test func reportArrivesAsTextHTMLAndFiles() async throws {
        try await Postfix.withOne { postfix in
            let pdf = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
            var copy = try Reports.copy(to: "dana@example.com", title: "Saldenliste März 🙂")
            copy.asOfLine = "Gelesen am 31. Oktober 2026 um 07:00 (Europe/Berlin)"
            copy.preview = "Konto  Saldo\n1000   12,50 €\n"
            copy.previewHTML = "<table><tr><td>1000</td><td>12,50 €</td></tr></table>"
            copy.cc = [try MailAddress("audit@example.com"), try MailAddress("dana@example.com")]
            copy.replyTo = try MailAddress("team@example.com")
            copy.files = [
                try Reports.file(pdf, named: "Saldenliste März 🙂.pdf", in: postfix),
                try Reports.file(Data("PK".utf8), named: "saldenliste.xlsx", format: .xlsx, in: postfix),
            ]
            let sender = try sender(postfix)
            let outcome = await send(copy, by: sender)
            let mail = try #require(try await postfix.mail(to: "dana@example.com", count: 1).first)

            guard case .sent(let id, _) = outcome else { throw Postfix.Failure("\(outcome)") }
            #expect(id == mail["Message-ID"])
            #expect(mail["Subject"] == "Saldenliste März 🙂")
            #expect(mail["From"] == "Bücher & Söhne 🙂 <reports@example.com>")
            #expect(mail["To"] == "dana@example.com")
            #expect(mail["Cc"] == "audit@example.com")
            #expect(mail["Reply-To"] == "team@example.com")
            #expect(mail["Auto-Submitted"] == "auto-generated")
            #expect(
                mail.text == """
                    Attached is the report Saldenliste März 🙂.

                    Gelesen am 31. Oktober 2026 um 07:00 (Europe/Berlin)

                    Konto  Saldo
                    1000   12,50 €

                    -- \n\
                    Report 0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d (finance/october, attempt 1)
                    """)
            let html = try #require(mail.html)
            #expect(html.contains("Attached is the report Saldenliste März 🙂.</p>"))
            #expect(html.contains("<table><tr><td>1000</td><td>12,50 €</td></tr></table>"))
            #expect(!html.contains("http"))
            #expect(mail.files.map(\.name) == ["Saldenliste März 🙂.pdf", "saldenliste.xlsx"])
            #expect(mail.files.map(\.sha256) == copy.files.map(\.sha256))
            #expect(
                mail.files.map(\.type) == [
                    "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ])
            #expect(mail.files.allSatisfy { $0.disposition == "attachment" })
            #expect(mail.defects == [])
        }
    }

    @Test func mailThatIsSentAgainIsTheSameForItsReader() async throws {
        try await Postfix.withOne { postfix in
            let copy = try Reports.copy(to: "dana@example.com")
            // The second by another sender, as after a restart of the courier.
            try await sent(copy, by: try sender(postfix))
            try await sent(copy, by: try sender(postfix) { $0.mail?.server = postfix.implicitTLS })
            let mails = try await postfix.mail(to: "dana@example.com", count: 2)
            #expect(Set(mails.map { $0["Message-ID"] }).count == 1)
            #expect(Set(mails.map { $0["Date"] }) == ["Sat, 31 Oct 2026 06:00:05 +0000"])
            // Another recipient's is another mail.
            try await sent(try Reports.copy(to: "audit@example.com"), by: try sender(postfix))
            let other = try #require(try await postfix.mail(to: "audit@example.com", count: 1).first)
            #expect(other["Message-ID"] != mails[0]["Message-ID"])
        }
    }

    @Test func noTextBecomesAFieldOfTheMail() async throws {
        try await Postfix.withOne { postfix in
            let evils = [
                "a\r\nBcc: mallory@example.com", "a\nX-Evil: 1\n\nbody", "a\r\n\r\n<script>alert(1)</script>",
                "a\u{2028}X-Evil: 1\u{85}X-Evil: 2\u{0B}X-Evil: 3\u{0C}X-Evil: 4", "\r\n.\r\nMAIL FROM:<x@example.com>",
                "=?utf-8?Q?=0D=0AX-Evil:_1?=", "a\"; filename=\"evil.exe", "\u{0}\u{1B}[31m\u{7F}",
                String(repeating: "長🙂", count: 200), "--=_mixed\r\nContent-Type: text/html\r\n\r\n<b>",
            ]
            let sender = try sender(postfix)
            for (number, evil) in evils.enumerated() {
                let recipient = "r\(number)@example.com"
                var copy = try Reports.copy(to: recipient, phase: number % 2 == 0 ? .succeeded : .failed, title: evil)
                if number % 3 == 0 { copy.subject = evil }
                copy.text = evil
                copy.asOfLine = evil
                copy.preview = evil
                copy.id = evil
                copy.report.name = evil
                copy.report.parameters = ["period": .string(evil)]
                copy.run.requester = .init(name: evil, email: evil)
                copy.run.reason = evil
                copy.run.message = evil
                copy.files = [try Reports.file(Data("content".utf8), named: evil, in: postfix)]
                try await sent(copy, by: sender)

                let mail = try #require(try await postfix.mail(to: recipient, count: 1).first)
                #expect(
                    mail.ownFieldNames == [
                        "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version",
                        "Content-Type",
                    ], "\(evil.debugDescription)")
                #expect(mail["To"] == recipient)
                #expect(mail.defects == [], "\(evil.debugDescription)")
                #expect(mail.files.map(\.size) == [7])
                #expect(mail.text?.contains("Report 0b8f12aa") == true)
                let html = try #require(mail.html)
                #expect(!html.contains("<script") && !html.contains("<b>"))
                let subject = try #require(mail["Subject"])
                #expect(!subject.unicodeScalars.contains { $0.properties.generalCategory == .control })
            }
            #expect(postfix.arrivedCount == evils.count, "nobody else got anything")
        }
    }

    @Test func whoAskedIsToldWhyARunFailedAndOthersTheReasonAlone() async throws {
        try await Postfix.withOne { postfix in
            let sender = try sender(postfix)
            let recipients = ["Dana@example.com", "boss@example.com"]
            for recipient in recipients { try await sent(try Reports.copy(to: recipient, phase: .failed), by: sender) }
            let dana = try #require(try await postfix.mail(to: recipients[0], count: 1).first)
            let boss = try #require(try await postfix.mail(to: recipients[1], count: 1).first)
            for mail in [dana, boss] {
                #expect(mail["Subject"] == "Failed: Trial balance 2026-10")
                #expect(mail.text?.contains("The report Trial balance 2026-10 has failed.") == true)
                #expect(mail.files.isEmpty)
            }
            #expect(dana.text?.contains("\nStage \"query\" failed: account 4711 <Müller> has no currency\n") == true)
            #expect(dana.html?.contains("account 4711 &lt;Müller&gt; has no currency") == true)
            #expect(boss.text?.contains("\nReason: StageFailed\n") == true)
            #expect(boss.text?.contains("4711") == false && boss.html?.contains("4711") == false)
        }
    }

    @Test func refusalsSayWhatToDo() async throws {
        try await Postfix.withOne { postfix in
            let sender = try sender(postfix)
            #expect(
                await send(try Reports.copy(to: "gone@example.com"), by: sender)
                    == .refused(
                        words: "550 5.1.1 <gone@example.com>: Recipient address rejected: no such mailbox"))
            #expect(
                await send(try Reports.copy(to: "later@example.com"), by: sender)
                    == .deferred(
                        words: "451 4.2.1 <later@example.com>: Recipient address rejected: try later",
                        after: .seconds(10)))
            var large = try Reports.copy(to: "dana@example.com")
            large.files = [try Reports.file(Data(count: 24_000_000), named: "large.pdf", in: postfix)]
            guard case .refused(let words) = await send(large, by: sender) else {
                throw Postfix.Failure("a mail above the channel's limit was sent")
            }
            #expect(
                words.hasPrefix("TooLarge: the mail would have 328")
                    && words.hasSuffix(
                        " bytes, and the channel sends at most 20Mi; ask for fewer formats, or use a channel of type "
                            + "Folder or SharePoint, or have spec.mail.maxMessageSize raised")
            )
            let generous = try self.sender(postfix) { $0.mail?.maxMessageSize = "100Mi" }
            #expect(
                await send(large, by: generous)
                    == .refused(
                        words: "552 5.3.4 Message size exceeds fixed limit; ask for fewer formats, or use a channel of "
                            + "type Folder or SharePoint"))
            #expect(
                await sender.send(try Reports.copy(to: "dana@example.com"), by: .now + .seconds(30)) { false }
                    == .deferred(words: "Stopped before the message was sent", after: nil))
            #expect(postfix.arrivedCount == 0)
        }
    }

    @Test func trialSaysWhatWasFoundAndWhatToMend() async throws {
        try await Postfix.withOne { postfix in
            func trial(
                _ change: (inout ReportChannelSpec, inout ChannelSecrets) -> Void = { _, _ in }
            ) async throws -> ChannelTrial {
                var channel = Reports.channel(to: postfix.startTLS)
                var secrets = try Reports.secrets(of: postfix)
                change(&channel, &secrets)
                return await (try MailSender(channel, secrets: secrets)).trial(by: .now + .seconds(30))
            }
            let server = "127.0.0.1:\(postfix.startTLSPort)"
            #expect(try await trial() == .works(words: "\(server) takes mail by TLS, signed in as reports"))
            #expect(
                try await trial { channel, _ in channel.mail?.server = postfix.implicitTLS }
                    == .works(words: "localhost:\(postfix.implicitTLSPort) takes mail by TLS, signed in as reports"))
            #expect(
                try await trial { _, secrets in secrets.credentials?["password"] = Data("wrong".utf8) }
                    == .misconfigured(
                        words: "\(server): signing in failed: 535 5.7.8 Error: authentication failed: authentication "
                            + "failure; mend the Secret of spec.mail.credentials"))
            #expect(
                try await trial { channel, _ in channel.mail?.server = postfix.plain }
                    == .misconfigured(
                        words:
                            "127.0.0.1:\(postfix.plainPort): The server offers no STARTTLS, without which nothing is "
                            + "sent; use smtps:// in spec.mail.server, or another of its ports"))
            #expect(
                try await trial { channel, _ in channel.tls = nil }
                    == .misconfigured(
                        words: "\(server): no secure connection: SSL certificate problem: unable to get local issuer "
                            + "certificate; the authority that signed the server's certificate must stand as ca.crt in "
                            + "the Secret of spec.tls.caSecretRef"))
            #expect(
                try await trial { channel, _ in channel.allowPrivateAddresses = nil }
                    == .misconfigured(
                        words: "\(server): 127.0.0.1 is a loopback address; set spec.allowPrivateAddresses: true if it "
                            + "is meant"))
            // smtps:// to the port of STARTTLS.
            guard
                case .misconfigured(let words) = try await trial({ channel, _ in
                    channel.mail?.server = "smtps://127.0.0.1:\(postfix.startTLSPort)"
                })
            else { throw Postfix.Failure("TLS to a port without it works") }
            #expect(words.hasSuffix("see spec.tls, and whether the server speaks TLS 1.2 or newer on this port"))
            try await postfix.kill()
            guard case .unreachable(let away) = try await trial() else {
                throw Postfix.Failure("a server that isn't there works")
            }
            #expect(away.hasPrefix("\(server): Failed to connect to 127.0.0.1"), "\(away)")
        }
    }
}
