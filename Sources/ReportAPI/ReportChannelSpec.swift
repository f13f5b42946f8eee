/// Where a channel leads, who may use it, and how long it tries. Exactly the member of its type is set.
public struct ReportChannelSpec: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case mail = "Mail"
        case sharePoint = "SharePoint"
        case teams = "Teams"
        case webhook = "Webhook"
        case mqtt = "MQTT"
        case folder = "Folder"
    }

    public struct TLS: Codable, Hashable, Sendable {
        /// Holds `ca.crt`: the authorities that the server's certificate is held against, in place of the image's.
        public var caSecretRef: SecretReference?
        /// Holds `tls.crt` and `tls.key`, for servers that want a certificate of their clients.
        public var clientCertificateSecretRef: SecretReference?

        public init(caSecretRef: SecretReference? = nil, clientCertificateSecretRef: SecretReference? = nil) {
            self.caSecretRef = caSecretRef
            self.clientCertificateSecretRef = clientCertificateSecretRef
        }
    }

    public struct Credentials: Codable, Hashable, Sendable {
        /// Of the type `ReportsAPI.channelSecretType`, in the courier's namespace.
        public var secretRef: SecretReference

        public init(secretRef: SecretReference) { self.secretRef = secretRef }
    }

    /// How long is tried where a channel doesn't say, from the first try.
    public static let defaultRetryFor = "24h"

    public var type: Kind
    /// Of Mail: for requests with an address that name no channel. Of MQTT, Webhook and Folder: for every run of the allowed
    /// namespaces.
    public var `default`: Bool?
    /// Whose reports may go this way. An empty one admits all.
    public var allowedNamespaces: NamespaceSelector
    /// `defaultRetryFor` when absent.
    public var retryFor: ReportDuration?
    public var tls: TLS?
    /// Whether the server may have a private, loopback or link-local address.
    public var allowPrivateAddresses: Bool?

    public var mail: Mail?
    public var sharePoint: SharePoint?
    public var teams: Teams?
    public var webhook: Webhook?
    public var mqtt: MQTT?
    public var folder: Folder?

    public init(
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

/// A Secret of the object's own namespace, by its name.
public struct SecretReference: Codable, Hashable, Sendable {
    public var name: String

    public init(name: String) { self.name = name }
}
