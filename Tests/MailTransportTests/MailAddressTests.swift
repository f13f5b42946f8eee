import MailMessages
import MailTransport
import Testing

struct MailAddressTests {
    @Test(arguments: ["dana@example.com", "d.o'neil+x@a-b.example", "a@xn--bcher-kva.example", "x@1.2.example"])
    func plainAddressIsTaken(text: String) throws {
        #expect(try MailAddress(text).description == text)
    }

    @Test(arguments: [
        ("dana", MailAddress.Fault.noAt), ("", .noAt), ("@example.com", .localPart), (".a@example.com", .localPart),
        ("a..b@example.com", .localPart), ("a b@example.com", .localPart), ("\"a b\"@example.com", .localPart),
        ("a@b@example.com", .localPart), ("jürgen@example.com", .localPart), ("a\r\nBcc: x@example.com", .localPart),
        ("a>@example.com", .localPart), ("a@", .domain), ("a@example..com", .domain), ("a@-x.com", .domain),
        ("a@bücher.example", .domain), ("a@[127.0.0.1]", .domain), ("a@127.0.0.1", .domain),
        ("a@example.com\r\n", .domain), ("a@example.com ", .domain), ("a@example.com>", .domain),
        ("a@" + String(repeating: "x", count: 300), .tooLong),
    ])
    func otherTextIsAFaultWithAName(text: String, fault: MailAddress.Fault) {
        #expect(throws: fault) { try MailAddress(text) }
        #expect(!fault.description.isEmpty)
    }

    @Test func domainsDifferInCaseAlone() throws {
        #expect(try MailAddress("Dana@Example.COM") == MailAddress("Dana@example.com"))
    }

    @Test func oneMailboxHasOneKey() throws {
        #expect(try MailAddress("Dana@Example.com").key == MailAddress("dana@example.COM").key)
    }

    @Test(arguments: [
        ("Reports <reports@example.com>", "Reports"), ("Berichte München <reports@example.com>", "Berichte München"),
        ("\"Reports, monthly\" <reports@example.com>", "Reports, monthly"), ("reports@example.com", nil),
    ])
    func mailboxHasANameOrNone(text: String, name: String?) throws {
        let mailbox = try Mailbox(text)
        #expect(mailbox.name == name && mailbox.address.description == "reports@example.com")
    }

    @Test(arguments: [
        "", "Reports", "<reports@example.com>", "Reports <reports>", "Reports <reports@example.com> x",
        "A\r\nBcc: b@example.com <a@example.com>", "A <a@example.com> <b@example.com>", "a@b <a@example.com>",
        "A\"B <a@example.com>", String(repeating: "e\u{301}", count: 200) + " <a@example.com>",
    ])
    func mailboxThatCouldBeReadAnotherWayIsNone(text: String) {
        #expect(throws: MailAddress.Fault.self) { try Mailbox(text) }
    }

    @Test(
        "A domain is that domain whole, and none below or beside it",
        arguments: [
            ("@example.com", "dana@example.com", true), ("@Example.com", "dana@EXAMPLE.com", true),
            ("@example.com", "dana@mail.example.com", false), ("@example.com", "dana@badexample.com", false),
            ("@example.com", "dana@example.com.evil.example", false), ("@com", "dana@example.com", false),
            ("audit@partner.example", "audit@partner.example", true),
            ("audit@partner.example", "Audit@Partner.example", true),
            ("audit@partner.example", "other@partner.example", false),
        ])
    func recipientRules(rule: String, address: String, isAdmitted: Bool) throws {
        let address = try MailAddress(address)
        #expect(try RecipientRule(rule).admits(address) == isAdmitted)
        #expect(RecipientRule.admits(address, by: ["@nowhere.example", rule]) == isAdmitted)
    }

    @Test(arguments: [
        ("", MailAddress.Fault.noAt), ("@", .domain), ("*", .noAt), ("*@example.com", .wildcard),
        ("@*.example.com", .domain), ("@.example.com", .domain), ("example.com", .noAt), ("@@example.com", .domain),
        ("@" + String(repeating: "e\u{301}", count: 100_000), .tooLong),
    ])
    func whatIsNoRuleAdmitsNobody(rule: String, fault: MailAddress.Fault) throws {
        #expect(throws: fault) { try RecipientRule(rule) }
        #expect(!RecipientRule.admits(try MailAddress("dana@example.com"), by: [rule]))
    }

    @Test func serverIsReadFromItsURL() throws {
        #expect(
            try MailServer("smtps://smtp.example.com")
                == MailServer(host: "smtp.example.com", port: 465, security: .implicitTLS))
        #expect(
            try MailServer("smtp://smtp.example.com:25/")
                == MailServer(host: "smtp.example.com", port: 25, security: .startTLS))
        #expect(try MailServer("smtp://[::1]:2525").port == 2525)
    }

    @Test(arguments: [
        ("https://a", MailServer.Fault.scheme), ("smtp://", .host), ("smtp://a b", .more), ("smtp://u:p@a", .more),
        ("smtp://a/x", .more), ("smtp://a:0", .port), ("smtp://a:x", .port), ("smtp://a\r\nb", .host),
    ])
    func otherURLNamesNoServer(text: String, fault: MailServer.Fault) {
        #expect(throws: fault) { try MailServer(text) }
    }
}
