import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

extension TestBed {
    /// A trigger of the pipeline `report` on the alert `Stopped`; `more` is the rest of its `spec`.
    @discardableResult
    func createTrigger(_ name: String = "stops", more: String = "{}") async throws -> ReportTrigger {
        let spec = JSONValue.object([
            "match": try .yaml("{labels: {alertname: Stopped}}"),
            "tokenSHA256": .string(String(repeating: "0", count: 64)),
            "request": try .yaml("{pipelineRef: {name: report}}"),
        ])
        return try await cluster.client.create(
            ReportTrigger.self,
            manifest: JSONValue.object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportTrigger",
                "metadata": .object(["name": .string(name)]), "spec": spec.merging(try .yaml(more)),
            ]),
            namespace: namespace)
    }

    /// Writes which alerts there are, as the gateway does.
    func hear(_ alerts: ReportTriggerStatus.Alert..., of trigger: String = "stops") async throws {
        let list = JSONValue.array(
            alerts.map { alert in
                .compact([
                    "fingerprint": .string(alert.fingerprint), "since": .string("\(alert.since)"),
                    "lastNotice": .string("\(alert.lastNotice)"),
                    "endedAt": alert.endedAt.map { .string("\($0)") },
                    "labels": alert.labels.map(JSONValue.strings),
                ])
            })
        _ = try await cluster.client.patch(
            ReportTrigger.self, name: trigger, namespace: namespace,
            merge: JSONValue.object(["status": .object(["alerts": list])]), subresource: .status)
    }

    @discardableResult
    func wait(
        forTrigger name: String, _ what: String, until holds: @escaping @Sendable (ReportTrigger) -> Bool
    ) async throws -> ReportTrigger {
        let found = try await cluster.wait(
            for: ReportTrigger.self, name, in: namespace, within: .seconds(120), what
        ) { $0.map(holds) ?? false }
        return try #require(found)
    }

    /// Waits until `Ready` says so about the present spec.
    @discardableResult
    func wait(forTrigger name: String, reason: String) async throws -> ReportTrigger {
        try await wait(forTrigger: name, reason) { trigger in
            trigger.status?.ready?.reason == reason
                && trigger.status?.ready?.observedGeneration == trigger.metadata.generation
        }
    }

    /// The requests of triggers, by age.
    func triggeredRequests() async throws -> [ReportRequest] {
        try await cluster.client.list(
            ReportRequest.self, namespace: namespace,
            options: ListOptions(labelSelector: ReportsAPI.Label.triggerUID)
        ).items.sorted { $0.metadata.name < $1.metadata.name }
    }

    /// How often each request was created, from the audit log.
    func creationsOfTriggers() throws -> [String: Int] {
        try AuditLog.ofEnvironment().creations(of: "reportrequests", in: namespace)
    }
}
