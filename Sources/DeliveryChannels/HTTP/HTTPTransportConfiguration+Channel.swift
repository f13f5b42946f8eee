package import HTTPTransport
import NetworkAddresses
package import ReportAPI

extension HTTPTransportConfiguration {
    /// Of a channel's server: its authorities, our certificate and where it may be; no proxy, whatever the environment says.
    package init(_ spec: ReportChannelSpec, secrets: ChannelSecrets) throws(ChannelFault) {
        self.init(proxy: .none)
        addressRule = spec.allowPrivateAddresses == true ? .any : .publicOnly
        if let secret = spec.tls?.caSecretRef?.name {
            guard let authorities = secrets.authorities, !authorities.isEmpty else {
                throw ChannelFault(
                    "spec.tls.caSecretRef: Secret \(secret) has no ca.crt; put the authorities there, in PEM")
            }
            certificateAuthority = .data(authorities)
        }
        if let secret = spec.tls?.clientCertificateSecretRef?.name {
            guard let certificate = secrets.clientCertificate, let key = secrets.clientKey else {
                throw ChannelFault(
                    "spec.tls.clientCertificateSecretRef: Secret \(secret) must have tls.crt and tls.key, in PEM")
            }
            clientIdentity = TLSClientIdentity(certificate: .data(certificate), privateKey: .data(key))
        }
    }
}
