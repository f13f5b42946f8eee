package import MailTransport

/// What to do where a mail server doesn't let us, behind its words or libcurl's.
package enum MailAdvice {
    package static func words(_ fault: MailConfigurationFault, _ words: String, signsIn: Bool) -> String {
        switch fault {
        case .tls: "no secure connection: \(words); \(tls(words))"
        case .startTLSMissing: "\(words); use smtps:// in spec.mail.server, or another of its ports"
        case .authentication where !signsIn:
            "\(words); name a Secret with user and password in spec.mail.credentials"
        case .authentication:
            "signing in failed: \(words); mend the Secret of spec.mail.credentials"
        case .address: "\(words); set spec.allowPrivateAddresses: true if it is meant"
        case .server: words
        }
    }

    /// Behind the server's words where it refused a mail.
    package static func refusal(_ code: Int, _ words: String) -> String {
        // RFC 3463: 5.3.4 is the server's own limit; a full mailbox is 5.2.2, with the same code.
        let isTooLarge = code == 552 && (words.hasPrefix("5.3.4") || words.contains("size"))
        return isTooLarge ? "\(code) \(words); \(smaller)" : "\(code) \(words)"
    }

    /// Where a token isn't taken.
    static let tokenRights =
        "the application needs the permission SMTP.SendAsApp of Office 365 Exchange Online, and a right on the mailbox "
        + "of the Secret's user; see docs/channels.md"

    static let smaller = "ask for fewer formats, or use a channel of type Folder or SharePoint"

    /// As libcurl 7.88 and OpenSSL 3.0 write what is wrong.
    private static func tls(_ words: String) -> String {
        func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
        if says("subject name") { return "spec.mail.server must name the server as its certificate does" }
        if says("has expired") { return "the server's certificate, or its authority's, must be renewed" }
        if says("not yet valid") { return "compare the server's clock and the courier's" }
        if says("client certificate", "private key", "alert certificate required", "alert bad certificate") {
            return "see the Secret of spec.tls.clientCertificateSecretRef"
        }
        if says("local issuer", "self-signed", "self signed", "unable to get issuer", "CA certificate", "CAfile") {
            return "the authority that signed the server's certificate must stand as ca.crt in the Secret of "
                + "spec.tls.caSecretRef"
        }
        return "see spec.tls, and whether the server speaks TLS 1.2 or newer on this port"
    }
}
