import ChannelServers
import ClusterSupport
import Foundation
import LoopbackSupport

/// Channels to servers of the tests, which a private authority vouches for.
extension DeliveryBed {
    /// Of webhooks.
    static let webhookKey = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()

    /// Of the account that a Teams channel posts as.
    static let sealingKey = Data((0..<32).map { UInt8($0) }).base64EncodedString()

    func createSecret(_ name: String, _ values: [String: String]) async throws {
        let lines = values.sorted { $0.key < $1.key }.map { key, value in
            "  \(key): \(Data(value.utf8).base64EncodedString())"
        }
        try await cluster.apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: \(name)}
            type: reports.ers.dev/channel
            data:
            \(lines.joined(separator: "\n"))
            """, in: courierNamespace)
    }

    func createChannel(_ name: String, _ type: String, _ spec: String) async throws {
        let lines = spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        try await cluster.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportChannel
            metadata: {name: \(name)}
            spec:
              type: \(type)
              allowedNamespaces: {}
              allowPrivateAddresses: true
            \(lines)
            """, in: courierNamespace)
    }

    func createAuthority(_ certificates: TestCertificates) async throws {
        let authority = String(decoding: try certificates.data("authority.pem"), as: UTF8.self)
        try await createSecret("authority", ["ca.crt": authority])
    }

    /// A channel of type Webhook, named hook, to what listens on that port with a receiver behind it.
    func createWebhook(port: Int, withKey: Bool = true) async throws {
        try await createAuthority(try WebhookReceiver.certificates.get())
        if withKey { try await createSecret("key", ["key": Self.webhookKey]) }
        try await createChannel(
            "hook", "Webhook",
            """
            tls: {caSecretRef: {name: authority}}
            webhook: {url: "https://127.0.0.1:\(port)/reports", credentials: {secretRef: {name: key}}}
            """)
    }

    /// A channel of type MQTT, named broker, without TLS.
    func createMQTT(port: Int) async throws {
        try await createChannel(
            "broker", "MQTT", "mqtt: {server: \"mqtt://127.0.0.1:\(port)\", topic: \"reports/{namespace}/{report}\"}")
    }

    /// A channel of type SharePoint, named library. The courier finds it with `options(of:)`.
    func createSharePoint() async throws {
        try await createAuthority(try GraphServer.certificates.get())
        try await createSecret("graph", ["clientID": "app", "clientSecret": "s3cret"])
        try await createChannel(
            "library", "SharePoint",
            """
            tls: {caSecretRef: {name: authority}}
            sharePoint:
              tenant: example.com
              site: https://example.sharepoint.com/sites/finance
              path: "reports/{namespace}/{report}"
              credentials: {secretRef: {name: graph}}
            """)
    }

    /// A channel of type Teams, named team, whose files are in the channel library; `post`: of type ChatMessage where not a
    /// workflow.
    func createTeams(_ world: GraphServer.World, asMessage: Bool = false) async throws {
        let url =
            world.address + "/workflows/0a1b2c3d4e5f60718293/triggers/manual/paths/invoke?sig=sig-4vZ0dGhpcyBpcyBh"
        try await createSecret("teams", ["url": url, "key": Self.sealingKey])
        let post = "post: ChatMessage, chatID: \"19:abc@thread.v2\", tenant: example.com, clientID: app"
        try await createChannel(
            "team", "Teams",
            """
            tls: {caSecretRef: {name: authority}}
            teams: {\(asMessage ? post : "post: Workflow"), sharePointChannel: library, credentials: {secretRef: {name: teams}}}
            """)
    }

    /// What has a courier find Microsoft's side there.
    static func options(of world: GraphServer.World) -> [String] {
        ["--microsoft-login", world.address, "--microsoft-graph", world.address]
    }
}
