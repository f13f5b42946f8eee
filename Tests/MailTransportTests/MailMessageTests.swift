import Foundation
import MailMessages
import ProgramSupport
import Testing

struct MailMessageTests {
    /// What Python's email reads of a message: fields, bodies, names and sizes of files.
    struct Parsed: Decodable {
        struct File: Decodable {
            var name: String
            var type: String
            var sum: Int
            var size: Int
        }

        var fields: [[String]]
        var text: String
        var html: String?
        var files: [File]
        var defects: [String]
    }

    static func parse(_ message: String) throws -> Parsed {
        let script = """
            import email, email.policy, json, sys, zlib
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            plain, html = m.get_body(('plain',)), m.get_body(('html',))
            files = [dict(name=a.get_filename(), type=a.get_content_type(), sum=zlib.crc32(a.get_content()),
                          size=len(a.get_content())) for a in m.iter_attachments()]
            defects = [str(d) for p in m.walk() for d in p.defects]
            defects += [str(d) for p in m.walk() for v in p.values() for d in v.defects]
            json.dump(dict(fields=[[k, str(v)] for k, v in m.items()], text=plain.get_content(),
                           html=html and html.get_content(), files=files, defects=defects), sys.stdout)
            """
        let answer = try ChildProgram.output(of: ["python3", "-c", script], input: Data(message.utf8))
        return try JSONDecoder().decode(Parsed.self, from: answer)
    }

    private func field(_ name: String, of parsed: Parsed) -> [String] {
        parsed.fields.filter { $0[0] == name }.map { $0[1] }
    }

    @Test func pythonReadsWhatWasMeant() throws {
        var message = try message(text: "Grüße, ≤ 5 % = 🙂\nSecond line  \n.\n\nLast")
        message.from = try Mailbox("Bücher & Söhne 🙂 Berichte <reports@example.com>")
        message.recipient.name = "O\"Neil, Dana (Finance)"
        message.cc = [try Mailbox("Jürgen <j@example.com>"), try Mailbox("audit@partner.example")]
        message.replyTo = try Mailbox("team@example.com")
        message.subject = "Saldenliste für März: " + String(repeating: "Ä🙂 ", count: 60) + "Ende"
        message.html = "<p>Grüße — \(String(repeating: "x", count: 500))</p>"
        let names = [
            "Saldenliste März 🙂.pdf", "plain.xlsx", "a \"b\" \\c.csv", "=?utf-8?Q?=0D=0AX-Evil:_1?=",
            String(repeating: "長", count: 90) + ".pdf",
        ]
        message.attachments = names.map {
            MailAttachment(name: $0, mediaType: "application/pdf", content: .bytes(Array(0...255)))
        }
        let text = message.encoded().text
        let parsed = try Self.parse(text)
        #expect(parsed.defects == [])
        #expect(field("From", of: parsed) == ["Bücher & Söhne 🙂 Berichte <reports@example.com>"])
        #expect(field("To", of: parsed) == [#""O\"Neil, Dana (Finance)" <dana@example.com>"#])
        #expect(field("Cc", of: parsed) == ["Jürgen <j@example.com>, audit@partner.example"])
        #expect(field("Reply-To", of: parsed) == ["team@example.com"])
        #expect(field("Subject", of: parsed) == [message.subject])
        #expect(field("Date", of: parsed) == ["Sat, 28 Nov 2026 10:35:20 +0000"])
        #expect(field("Message-ID", of: parsed) == ["\(message.id)"])
        // The last line's end is the boundary's.
        #expect(parsed.text.replacing("\r\n", with: "\n") == message.text)
        #expect(parsed.html == message.html)
        #expect(parsed.files.map(\.name) == [names[0], names[1], "a \"b\" _c.csv", names[3], names[4]])
        #expect(parsed.files.allSatisfy { $0.size == 256 })
        for line in text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 78, "\(line)") }
        #expect(!text.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" })
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: [
        "\r\nBcc: evil@example.com", "\nBcc: evil@example.com\n\nbody", "\r\n\r\nbody", "\u{0}\u{85}\u{2028}x",
    ])
    func noFieldBringsAnother(evil: String) throws {
        var message = try message(text: "Text" + evil)
        let fields = try Self.parse(message.encoded().text).fields.map { $0[0] }
        message.subject += evil
        message.from.name = "Reports" + evil
        message.recipient.name = "Dana" + evil
        message.cc = [Mailbox(name: evil, address: message.recipient.address)]
        message.html = "<p>\(evil)"
        message.attachments = [
            MailAttachment(name: "a" + evil + ".pdf", mediaType: "text/plain" + evil, content: .bytes([1]))
        ]
        let parsed = try Self.parse(message.encoded().text)
        let expected = fields + ["Cc"]
        #expect(
            parsed.fields.map { $0[0] }.filter { $0 != "Content-Transfer-Encoding" }.sorted()
                == expected.filter { $0 != "Content-Transfer-Encoding" }.sorted())
        #expect(parsed.files.map(\.type) == ["application/octet-stream"])
    }

    @Test(arguments: ["", " ", "=?utf-8?Q?x?=", "a  b", String(repeating: "word ", count: 40) + "end", "x=?y"])
    func subjectOfAnyKindComesBack(subject: String) throws {
        var message = try message()
        message.subject = subject
        let back = field("Subject", of: try Self.parse(message.encoded().text))
        #expect(back.first == (subject == " " ? "" : subject))
    }

    @Test func idIsAFunctionOfDeliveryAndRecipient() throws {
        func id(_ delivery: String, _ recipient: String) throws -> String {
            MessageID(delivery: delivery, recipient: try MailAddress(recipient), domain: "example.com").description
        }
        let first = try id("0b8f-1", "dana@example.com")
        #expect(try id("0b8f-1", "dana@example.com") == first)
        #expect(try id("0b8f-1", "dora@example.com") != first)
        #expect(try id("0b8f-2", "dana@example.com") != first)
        #expect(try id("0b8f_1", "dana@example.com") != (try id("0b8f1", "dana@example.com")))
        #expect(first.hasPrefix("<0b8f-1.") && first.hasSuffix("@example.com>"))
        #expect(first.utf8.count == "<0b8f-1.@example.com>".utf8.count + 32)
        #expect(try id(">\r\nX: y", "dana@example.com").hasPrefix("<Xy."))
    }

    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (4_102_444_800, "Fri, 1 Jan 2100 00:00:00 +0000"),
    ])
    func dateIsRFC5322s(seconds: Int, expected: String) throws {
        var message = try message()
        message.secondsSince1970 = seconds
        #expect(message.encoded().text.hasPrefix("Date: \(expected)\r\n"))
    }

    @Test func theSameMessageIsTheSameBytes() throws {
        #expect(try message().encoded().text == message().encoded().text)
    }
}
