import DeliveryChannels
import MailTransport
import Testing

@Suite("What to mend where a mail server lets nobody in") struct MailAdviceTests {
    @Test(arguments: [
        (
            "SSL: no alternative certificate subject name matches target host name 'mail'",
            "spec.mail.server must name the server as its certificate does"
        ),
        (
            "SSL certificate problem: certificate has expired",
            "the server's certificate, or its authority's, must be renewed"
        ),
        (
            "SSL certificate problem: self-signed certificate in certificate chain",
            "the authority that signed the server's certificate must stand as ca.crt in the Secret of spec.tls.caSecretRef"
        ),
        ("unable to set private key file", "see the Secret of spec.tls.clientCertificateSecretRef"),
    ])
    func isSaidBehindTheWordsOfTheLibrary(words: String, advice: String) {
        #expect(
            MailAdvice.words(.tls, words, signsIn: true) == "no secure connection: \(words); \(advice)")
    }

    @Test func whoNamesNoSecretIsToldToNameOne() {
        #expect(
            MailAdvice.words(.authentication, "530 5.7.0 Authentication required", signsIn: false)
                == "530 5.7.0 Authentication required; name a Secret with user and password in spec.mail.credentials")
    }

    @Test func fullMailboxIsNoMatterOfTheReportsSize() {
        #expect(MailAdvice.refusal(552, "5.2.2 Mailbox full") == "552 5.2.2 Mailbox full")
    }
}
