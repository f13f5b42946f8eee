/// Where a channel leads, who may use it, and how long it tries. Exactly the member of its type is set.
package struct ReportChannelSpec: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case mail = "Mail"
        case sharePoint = "SharePoint"
        case teams = "Teams"
        case webhook = "Webhook"
        case mqtt = "MQTT"
        case folder = "Folder"
    }

    package struct TLS: Codable, Hashable, Sendable {
        /// Holds `ca.crt`: the authorities that the server's certificate is held against, in place of the image's.
        package var caSecretRef: SecretReference?
        /// Holds `tls.crt` and `tls.key`, for servers that want a certificate of their clients.
        package var clientCertificateSecretRef: SecretReference?

        package init(caSecretRef: SecretReference? = nil, clientCertificateSecretRef: SecretReference? = nil) {
            self.caSecretRef = caSecretRef
            self.clientCertificateSecretRef = clientCertificateSecretRef
        }
    }

    package struct Credentials: Codable, Hashable, Sendable {
        /// Of the type `ReportsAPI.channelSecretType`, in the courier's namespace.
        package var secretRef: SecretReference

        package init(secretRef: SecretReference) { self.secretRef = secretRef }
    }

    /// How long is tried where a channel doesn't say, from the first try.
    package static let defaultRetryFor = "24h"

    package var type: Kind
    /// Of Mail: for requests with an address that name no channel. Of MQTT, Webhook and Folder: for every run of the allowed
    /// namespaces.
    package var `default`: Bool?
    /// Whose reports may go this way. An empty one admits all.
    package var allowedNamespaces: NamespaceSelector
    /// `defaultRetryFor` when absent.
    package var retryFor: ReportDuration?
    package var tls: TLS?
    /// Whether the server may have a private, loopback or link-local address.
    package var allowPrivateAddresses: Bool?

    package var mail: Mail?
    package var sharePoint: SharePoint?
    package var teams: Teams?
    package var webhook: Webhook?
    package var mqtt: MQTT?
    package var folder: Folder?

    package init(
        type: Kind,
        default: Bool? = nil,
        allowedNamespaces: NamespaceSelector = NamespaceSelector(),
        retryFor: ReportDuration? = nil,
        tls: TLS? = nil,
        allowPrivateAddresses: Bool? = nil,
        mail: Mail? = nil,
        sharePoint: SharePoint? = nil,
        teams: Teams? = nil,
        webhook: Webhook? = nil,
        mqtt: MQTT? = nil,
        folder: Folder? = nil
    ) {
        self.type = type
        self.default = `default`
        self.allowedNamespaces = allowedNamespaces
        self.retryFor = retryFor
        self.tls = tls
        self.allowPrivateAddresses = allowPrivateAddresses
        self.mail = mail
        self.sharePoint = sharePoint
        self.teams = teams
        self.webhook = webhook
        self.mqtt = mqtt
        self.folder = folder
    }
}
