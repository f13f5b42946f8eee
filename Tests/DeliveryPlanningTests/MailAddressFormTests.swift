import DeliveryPlanning
import Testing

@Suite struct MailAddressFormTests {
    @Test(arguments: [
        "dana@example.com", "DANA@Example.COM", "d.o'neil+tag@a-b.example", "dana@localhost",
        "dana@xn--mnchen-3ya.example", "!#$%&'*+/=?^_`{|}~-@example.com",
    ])
    func onePlainAddressIsRead(text: String) { #expect(MailAddressForm(text) != nil) }

    @Test(arguments: [
        "", "@", "dana", "@example.com", "dana@", "a@b@example.com", "Dana <dana@example.com>", " dana@example.com",
        "dana@example.com ", "dana@example.com,lee@example.com", "dana@example.com\r\nBcc: x@example.com",
        "da\u{0}na@example.com", ".dana@example.com", "dana.@example.com", "da..na@example.com",
        "\"da na\"@example.com", "dana@münchen.example", "däna@example.com", "dana@[127.0.0.1]", "dana@127.0.0.1",
        "dana@-example.com", "dana@example-.com", "dana@example..com", "dana@example.com.", "dana(x)@example.com",
        "e\u{301}@example.com", String(repeating: "a", count: 65) + "@example.com",
        "a@" + String(repeating: "a", count: 64) + ".example",
        "a@" + Array(repeating: "abcdefgh", count: 28).joined(separator: ".") + ".example",
    ])
    func anythingElseIsNone(text: String) { #expect(MailAddressForm(text) == nil) }

    @Test func oneMailboxHasOneKey() {
        #expect(MailAddressForm("Dana@Example.com")?.key == MailAddressForm("dana@example.COM")?.key)
        #expect(MailAddressForm("Dana@Example.com")?.local == "Dana")
    }

    @Test func mailboxHasANameOrNone() {
        #expect(MailboxForm("Reports <reports@example.com>")?.name == "Reports")
        #expect(MailboxForm("Berichte München <reports@example.com>")?.address.local == "reports")
        #expect(MailboxForm("reports@example.com")?.name == nil)
        #expect(MailboxForm("reports@example.com")?.address.domain == "example.com")
    }

    @Test(arguments: [
        "", "Reports", "<reports@example.com>", "Reports <reports>", "Reports <reports@example.com> x",
        "A\r\nBcc: b@example.com <a@example.com>", "A <a@example.com> <b@example.com>", "a@b <a@example.com>",
    ])
    func mailboxThatCouldBeReadAnotherWayIsNone(text: String) { #expect(MailboxForm(text) == nil) }

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
        let address = try #require(MailAddressForm(address))
        #expect(try #require(RecipientRule(rule)).admits(address) == isAdmitted)
        #expect(RecipientRule.admits(address, by: ["@nowhere.example", rule]) == isAdmitted)
    }

    @Test(arguments: ["", "@", "*", "*@example.com", "@*.example.com", "@.example.com", "example.com", "@@example.com"])
    func whatIsNoRuleAdmitsNobody(rule: String) throws {
        #expect(RecipientRule(rule) == nil)
        #expect(!RecipientRule.admits(try #require(MailAddressForm("dana@example.com")), by: [rule]))
    }
}
