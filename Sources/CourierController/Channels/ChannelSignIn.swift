import DeliveryChannels
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
    private let logger: Logger

    /// `namespace`: of channels and their Secrets.
    package init(client: KubernetesClient, namespace: String, store: ReportStore, logger: Logger) {
        self.client = client
        self.namespace = namespace
        self.store = store
        self.logger = logger
    }

    /// Shows by `show` what a person has to do, waits until it is done, and keeps what came of it, sealed.
    ///
    /// Throws `ChannelFault` for what has to be mended first, or the trouble of a server.
    package func run(_ name: String, show: (String) -> Void) async throws {
        let channels = try await client.list(
            ReportChannel.self, namespace: namespace, options: ListOptions(fieldSelector: "metadata.name=\(name)")
        ).items
        guard let spec = channels.first?.spec.value else {
            throw ChannelFault(
                "there is no channel \"\(name)\" in the namespace \(namespace); kubectl get rch -n \(namespace) shows those "
                    + "that there are")
        }
        guard let teams = spec.teams else {
            throw ChannelFault("channel \"\(name)\" is of type \(spec.type.rawValue); Teams alone signs in")
        }
        // By a list, which is what the courier may do: it names the type, so that no other Secret is read.
        let secrets = try await client.list(
            ChannelSecret.self, namespace: namespace,
            options: ListOptions(
                fieldSelector: "\(ChannelSecret.fieldSelector),metadata.name=\(teams.credentials.secretRef.name)")
        ).items
        guard let values = secrets.first?.values else {
            throw ChannelFault(
                "spec.teams.credentials.secretRef.name: there is no Secret \"\(teams.credentials.secretRef.name)\" of the type "
                    + "\(ReportsAPI.channelSecretType) in the namespace \(namespace)")
        }
        let configuration = try HTTPTransportConfiguration(spec, secrets: ChannelSecrets())
        let signIn = try TeamsSignIn(
            teams, name: name, secrets: ChannelSecrets(credentials: values), vault: StoredSignIns(store.signIns),
            transport: HTTPTransport(configuration: configuration, logger: logger))
        try await signIn.run { show($0.message) }
    }
}
