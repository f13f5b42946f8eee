import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// What Alertmanager reports to the gateway, under the gateway's own role.
@Suite(.timeLimit(.minutes(10))) struct GatewayAlertTests {
    /// `token` in SHA-256.
    static let hash = "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"
    static let trigger = """
        apiVersion: reports.ers.dev/v1
        kind: ReportTrigger
        metadata: {name: stops}
        spec:
          match: {labels: {alertname: Stopped}}
          request: {pipelineRef: {name: mttr}, parameters: {machine: "{label:machine}"}}
          tokenSHA256: \(hash)
        """
    static let token = "token"

    static func body(_ alerts: [(fingerprint: String, status: String)]) -> String {
        let list = alerts.map {
            #"{"status":"\#($0.status)","fingerprint":"\#($0.fingerprint)","annotations":{"summary":"stops"},"#
                + #""labels":{"alertname":"Stopped","machine":"press-\#($0.fingerprint)"}}"#
        }
        return #"{"version":"4","receiver":"reports","alerts":[\#(list.joined(separator: ","))]}"#
    }

    @Test func alertsAreKeptOnceWhoeverReportsThemHoweverOften() async throws {
        try await Self.served { cluster, namespace, gateway in
            func send(
                _ alerts: [(String, String)], token: String? = Self.token, to name: String = "stops"
            ) async throws -> WebAnswer {
                try await WebAnswer.get(
                    gateway.url("/api/v1/alerts/\(namespace)/\(name)"), method: "POST", token: token,
                    json: Self.body(alerts.map { (fingerprint: $0.0, status: $0.1) }))
            }
            try await eventually("the trigger is seen", every: .milliseconds(100)) {
                try await send([("1", "firing")]).status == 204
            }
            // Many at once, of which each writes no more than what is new.
            try await withThrowingTaskGroup(of: Int.self) { group in
                for alert in 0..<40 {
                    group.addTask { try await send([("\(alert % 4)", "firing"), ("none", "resolved")]).status }
                }
                for try await status in group { #expect(status == 204) }
            }
            let trigger = try await cluster.client.get(ReportTrigger.self, name: "stops", namespace: namespace)
            let alerts = try #require(trigger.status?.alerts)
            #expect(Set(alerts.map(\.fingerprint)) == ["0", "1", "2", "3"] && alerts.count == 4)
            #expect(alerts.allSatisfy { $0.labels == ["machine": "press-\($0.fingerprint)"] && $0.annotations == nil })
            #expect(try await send([("1", "firing")]).status == 204)
            let again = try await cluster.client.get(ReportTrigger.self, name: "stops", namespace: namespace)
            #expect(again.metadata.resourceVersion == trigger.metadata.resourceVersion, "nothing new was written")
            #expect(try await send([("2", "resolved")]).status == 204)
            let ended = try await cluster.client.get(ReportTrigger.self, name: "stops", namespace: namespace)
            #expect(ended.status?.alerts?.first { $0.fingerprint == "2" }?.endedAt != nil)

            for (token, name) in [("other", "stops"), (Self.token, "none"), (nil, "stops")] {
                #expect(try await send([("9", "firing")], token: token, to: name).status == 401)
            }
            let wrong = try await WebAnswer.get(
                gateway.url("/api/v1/alerts/\(namespace)/stops"), method: "POST", token: Self.token, json: "{}")
            #expect(wrong.status == 422 && wrong.body.contains("version"), "\(wrong.body)")
            #expect(!gateway.log.contains("Bearer"))
        }
    }

    /// Runs `body` beside a gateway that has all of its role, or that without one permission.
    static func served(
        _ role: GatewayRole = GatewayRole(),
        _ body: (LiveCluster, _ namespace: String, GatewayProcess) async throws -> Void
    ) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await cluster.apply(Self.trigger, in: namespace)
            try await role.granted(cluster, namespace) { kubeconfig in
                let gateway = try GatewayProcess(kubeconfig: kubeconfig, options: ["--courier-namespace", namespace])
                defer { gateway.end() }
                try await gateway.waitUntilServing()
                try await body(cluster, namespace, gateway)
            }
        }
    }
}
