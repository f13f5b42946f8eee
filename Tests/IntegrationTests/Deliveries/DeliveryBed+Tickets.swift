import ChannelServers
import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// Triggers with tickets. The tests write which alerts there are, as the gateway would.
extension DeliveryBed {
    /// A channel of type Webhook, named tickets, to that server.
    func createTickets(_ server: TicketServer, authorization: String = TicketServer.authorization) async throws {
        try await createAuthority(try WebhookReceiver.certificates.get())
        try await createSecret("tickets", ["key": TicketServer.key, "authorization": authorization])
        try await createChannel(
            "tickets", "Webhook",
            """
            tls: {caSecretRef: {name: authority}}
            webhook:
              url: "https://127.0.0.1:\(server.port)/tickets"
              credentials: {secretRef: {name: tickets}}
              ticket:
                open:
                  body: {machine: "{label:machine}", title: "{trigger}: {annotation:summary}", key: "{key}"}
                close:
                  method: PATCH
                  url: "https://127.0.0.1:\(server.port)/tickets/{id}"
                  body: {state: closed, endedAt: "{endedAt}"}
                id: /data/id
            """)
    }

    /// A trigger whose alerts are new ones when they come back.
    func createTicketTrigger(_ name: String = "stops") async throws {
        try await cluster.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportTrigger
            metadata: {name: \(name)}
            spec:
              match: {labels: {alertname: Stopped}}
              cooldown: 1s
              staleAfter: 1h
              tokenSHA256: "\(String(repeating: "0", count: 64))"
              request: {pipelineRef: {name: mttr}}
              ticket: {channel: tickets}
            """, in: namespace)
    }

    /// `machine`: its label, if it has one.
    func hear(since: Timestamp, ended: Timestamp? = nil, machine: String? = "press-4") async throws {
        let alert = JSONValue.compact([
            "fingerprint": .string("a1"), "since": .string("\(since)"), "lastNotice": .string("\(since)"),
            "endedAt": ended.map { .string("\($0)") },
            "labels": machine.map { .object(["machine": .string($0)]) },
        ])
        _ = try await cluster.client.patch(
            ReportTrigger.self, name: "stops", namespace: namespace,
            merge: JSONValue.object(["status": .object(["alerts": .array([alert])])]), subresource: .status)
    }

    @discardableResult
    func waitForTrigger(
        _ what: String, until holds: @escaping @Sendable (ReportTriggerStatus) -> Bool
    ) async throws -> ReportTrigger {
        let found = try await cluster.wait(
            for: ReportTrigger.self, "stops", in: namespace, within: .seconds(120), what
        ) { $0?.status.map(holds) ?? false }
        return try #require(found)
    }
}
