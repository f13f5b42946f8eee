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

    @Test(arguments: [
        ("@example.com", "dana@example.com", true), ("@example.com", "dana@EXAMPLE.com", true),
        ("@example.com", "dana@sub.example.com", false), ("@example.com", "dana@badexample.com", false),
        ("@example.com", "dana@example.com.evil.example", false),
        ("audit@partner.example", "Audit@partner.example", true),
        ("audit@partner.example", "other@partner.example", false),
    ])
    func ruleAllowsItsDomainOrAddress(rule: String, address: String, isAllowed: Bool) throws {
        #expect(try RecipientRule(rule).allows(MailAddress(address)) == isAllowed)
    }

    @Test func ruleIsCheckedWhenItIsRead() {
        #expect(throws: MailAddress.Fault.domain) { try RecipientRule("@") }
        #expect(throws: MailAddress.Fault.domain) { try RecipientRule("@*.example.com") }
        #expect(throws: MailAddress.Fault.noAt) { try RecipientRule("example.com") }
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
