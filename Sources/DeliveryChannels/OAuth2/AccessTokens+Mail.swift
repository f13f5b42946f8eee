import HTTPTransport
package import Logging
import NetworkAddresses
package import ReportAPI

extension AccessTokens {
    /// What a mail server of Microsoft 365 takes by XOAUTH2.
    package static let mailScope = "https://outlook.office365.com/.default"

    /// Of a Mail channel whose Secret holds `tenant` and `clientID` with `clientSecret` or a certificate; nil where it
    /// holds a password.
    package static func forMail(
        _ spec: ReportChannelSpec, secrets: ChannelSecrets, cloud: MicrosoftCloud = .global, logger: Logger
    ) throws(ChannelFault) -> AccessTokens? {
        let (tenant, clientID) = (secrets.text("tenant"), secrets.text("clientID"))
        if tenant == nil, clientID == nil { return nil }
        guard let tenant, let clientID, secrets.text("user") != nil else {
            throw ChannelFault(
                "spec.mail.credentials.secretRef: for OAuth2 the Secret needs user, tenant, clientID, and "
                    + "clientSecret or tls.crt and tls.key")
        }
        guard secrets.text("password") == nil else {
            throw ChannelFault(
                "spec.mail.credentials.secretRef: the Secret has password and clientID; take one of them out")
        }
        let transport = HTTPTransport(
            configuration: try HTTPTransportConfiguration(spec, secrets: secrets), logger: logger)
        return AccessTokens(
            for: TokenEndpoint(cloud: cloud, tenant: PercentEncoding.component(tenant), transport: transport),
            clientID: clientID, credential: try ClientCredential(secrets, field: "spec.mail.credentials.secretRef"),
            scope: mailScope)
    }
}
