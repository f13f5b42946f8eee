package import Digests
import FoundationEssentials

/// How an application proves to Entra ID that it is the one.
package enum ClientCredential: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    case secret(String)
    /// Better: what can be stolen on the way is of use for minutes.
    case certificate(SigningCertificate)

    /// `clientSecret`, or `tls.crt` with `tls.key`. `field`: which names the Secret, for faults.
    package init(_ secrets: ChannelSecrets, field: String) throws(ChannelFault) {
        let certificate = secrets.credentials?["tls.crt"].flatMap { $0.isEmpty ? nil : $0 }
        let key = secrets.credentials?["tls.key"].flatMap { $0.isEmpty ? nil : $0 }
        switch (secrets.text("clientSecret"), certificate, key) {
        case (let secret?, nil, nil): self = .secret(secret)
        case (nil, let certificate?, let key?):
            do throws(SigningCertificate.Fault) {
                self = .certificate(try SigningCertificate(certificate: certificate, privateKey: key))
            } catch {
                throw ChannelFault("\(field): tls.crt and tls.key can't be used: \(error)")
            }
        case (nil, nil, nil):
            throw ChannelFault(
                "\(field): the Secret needs clientSecret, or tls.crt and tls.key of a certificate")
        case (nil, _, _):
            throw ChannelFault("\(field): the Secret needs both tls.crt and tls.key, in PEM")
        case (_?, _, _):
            throw ChannelFault(
                "\(field): the Secret has clientSecret and a certificate; take one of them out")
        }
    }

    package var description: String { "(credential)" }
    package var debugDescription: String { description }
}
