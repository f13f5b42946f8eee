package import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import HTTPTransport
package import KubernetesClient
import KubernetesModel
package import Logging
import ReportAPI
package import ReportStores

/// Signs an account in for a channel, which posts as that account from then on.
package struct ChannelSignIn: Sendable {
    private let client: KubernetesClient
    private let namespace: String
    private let store: ReportStore
    private let cloud: MicrosoftCloud?
    private let logger: Logger

    /// `namespace`: of channels and their Secrets. `cloud`: Microsoft's; where the channel's files are when nil.
    package init(
        client: KubernetesClient, namespace: String, store: ReportStore, cloud: MicrosoftCloud? = nil, logger: Logger
    ) {
        self.cloud = cloud
        self.client = client
        self.namespace = namespace
        self.store = store
        self.logger = logger
    }

    /// Shows by `show` what a person has to do, waits until it is done, and keeps what came of it, sealed.
    ///
    /// Throws `ChannelFault` for what has to be mended first, or the trouble of a server.
    package func run(_ name: String, show: (String) -> Void) async throws {
        guard let channel = try await channel(name), let spec = channel.spec.value else {
            throw ChannelFault(
                "there is no channel \"\(name)\" in the namespace \(namespace); kubectl get rch -n \(namespace) shows those "
                    + "that there are")
        }
        guard let teams = spec.teams else {
            throw ChannelFault("channel \"\(name)\" is of type \(spec.type.rawValue); Teams alone signs in")
        }
        var secrets = ChannelSecrets(
            credentials: try await values(
                of: teams.credentials.secretRef.name, field: "spec.teams.credentials.secretRef.name"))
        if let reference = spec.tls?.caSecretRef {
            secrets.authorities = try await values(of: reference.name, field: "spec.tls.caSecretRef.name")["ca.crt"]
        }
        if let reference = spec.tls?.clientCertificateSecretRef {
            let identity = try await values(of: reference.name, field: "spec.tls.clientCertificateSecretRef.name")
            (secrets.clientCertificate, secrets.clientKey) = (identity["tls.crt"], identity["tls.key"])
        }
        let configuration = try HTTPTransportConfiguration(spec, secrets: secrets)
        let signIn = try TeamsSignIn(
            teams, name: name, secrets: secrets,
            vault: StoredSignIns(store.signIns, channelUID: channel.metadata.uid), cloud: try await cloud(of: teams),
            transport: HTTPTransport(configuration: configuration, logger: logger))
        try await signIn.run { show($0.message) }
    }

    private func channel(_ name: String) async throws -> ReportChannel? {
        try await client.list(
            ReportChannel.self, namespace: namespace, options: ListOptions(fieldSelector: "metadata.name=\(name)")
        ).items.first
    }

    /// By a list, which is what the courier may do: it names the type, so that no other Secret is read.
    private func values(of name: String, field: String) async throws -> [String: Data] {
        let secrets = try await client.list(
            ChannelSecret.self, namespace: namespace,
            options: ListOptions(fieldSelector: "\(ChannelSecret.fieldSelector),metadata.name=\(name)")
        ).items
        guard let values = secrets.first?.values else {
            throw ChannelFault(
                "\(field): there is no Secret \"\(name)\" of the type \(ReportsAPI.channelSecretType) in the namespace "
                    + namespace)
        }
        return values
    }

    /// The account is where its messages are posted: where the files are.
    private func cloud(of teams: ReportChannelSpec.Teams) async throws -> MicrosoftCloud {
        if let cloud { return cloud }
        guard let name = teams.sharePointChannel, let site = try await channel(name)?.spec.value?.sharePoint?.site,
            let host = ServerURL(site)?.host
        else { return .global }
        return MicrosoftCloud(siteHost: host)
    }
}

/// Keeps the sign-ins of channels in MongoDB.
package struct StoredSignIns: TokenVault {
    private let store: SignInStore
    private let channelUID: String

    package init(_ store: SignInStore, channelUID: String) {
        self.store = store
        self.channelUID = channelUID
    }

    package func load() async throws -> [UInt8]? { try await store.load(channelUID: channelUID) }

    package func save(_ sealed: [UInt8]) async throws { try await store.save(sealed, channelUID: channelUID) }
}
