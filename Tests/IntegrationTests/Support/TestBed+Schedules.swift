import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

extension TestBed {
    /// A schedule of the pipeline `report` that doesn't tick by itself while a test runs; `more` is the rest of its `spec`.
    @discardableResult
    func createSchedule(_ name: String = "nightly", more: String = "{}") async throws -> ReportSchedule {
        let spec = try JSONValue.yaml("{schedule: 0 0 1 1 *, request: {spec: {pipelineRef: {name: report}}}}")
        return try await cluster.client.create(
            ReportSchedule.self,
            manifest: JSONValue.object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportSchedule",
                "metadata": .object(["name": .string(name)]), "spec": spec.merging(try .yaml(more)),
            ]),
            namespace: namespace)
    }

    func patchSchedule(_ name: String = "nightly", _ patch: String) async throws {
        _ = try await cluster.client.patch(
            ReportSchedule.self, name: name, namespace: namespace, merge: try JSONValue.yaml(patch))
    }

    @discardableResult
    func wait(
        forSchedule name: String, _ what: String,
        until holds: @escaping @Sendable (ReportSchedule) -> Bool
    ) async throws -> ReportSchedule {
        let found = try await cluster.wait(
            for: ReportSchedule.self, name, in: namespace, within: .seconds(120), what
        ) { $0.map(holds) ?? false }
        return try #require(found)
    }

    /// Waits until `Ready` says so about the present spec.
    @discardableResult
    func wait(
        forSchedule name: String, reason: String
    ) async throws -> ReportSchedule {
        try await wait(forSchedule: name, reason) { schedule in
            schedule.status?.ready?.reason == reason
                && schedule.status?.ready?.observedGeneration == schedule.metadata.generation
        }
    }

    // MARK: CronJobs

    /// Where this server has CronJobs.
    func cronJobKind() async throws -> ResourceKind {
        CronJob.kind(version: try await cluster.cronJobVersion())
    }

    /// The CronJob as the server has it, whole; nil where there is none.
    func cronJob(_ name: String = "nightly") async throws -> JSONValue? {
        try await cluster.cronJob(name, in: namespace)
    }

    @discardableResult
    func wait(
        forCronJob name: String, _ what: String, until holds: (JSONValue?) -> Bool
    ) async throws -> JSONValue {
        try await cluster.wait(forCronJob: name, in: namespace, what, until: holds)
    }

    func patchCronJob(_ name: String = "nightly", _ patch: String) async throws {
        try await cluster.kubectl("patch", "cronjob", name, "-n", namespace, "--type=merge", "-p", patch)
    }

    // MARK: Ticks

    /// Makes a tick as the CronJob controller would, for the `minute`th minute of 2026-03-31.
    @discardableResult
    func tick(minute: Int64, cronJob name: String = "nightly") async throws -> Tick {
        let cronJob = try #require(try await cronJob(name))
        let time = try #require(Timestamp("2026-03-31T00:00:00Z")).seconds / 60 + minute
        let template = try #require(cronJob["spec"]?["jobTemplate"])
        let owner = JSONValue.object([
            "apiVersion": cronJob["apiVersion"] ?? .null, "kind": "CronJob", "name": .string(name),
            "uid": cronJob["metadata"]?["uid"] ?? .null, "controller": .bool(true), "blockOwnerDeletion": .bool(true),
        ])
        let metadata = JSONValue.object([
            "name": .string("\(name)-\(time)"), "labels": template["metadata"]?["labels"] ?? .null,
            "ownerReferences": .array([owner]),
        ])
        return try await cluster.client.create(
            Tick.self,
            manifest: JSONValue.object([
                "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"] ?? .null,
            ]),
            namespace: namespace)
    }

    /// Deletes a tick as `Replace` does.
    func delete(_ tick: Tick) async throws {
        try await cluster.client.delete(
            Tick.self, name: tick.metadata.name, namespace: namespace,
            options: DeleteOptions(propagation: .background, uid: tick.metadata.uid))
    }

    func waitUntilGone(_ tick: Tick) async throws {
        try await cluster.wait(for: Tick.self, tick.metadata.name, in: namespace, within: .seconds(120), "gone") {
            $0?.metadata.uid != tick.metadata.uid
        }
    }

    /// The requests of schedules, by age.
    func scheduledRequests() async throws -> [ReportRequest] {
        try await cluster.client.list(
            ReportRequest.self, namespace: namespace, options: ListOptions(labelSelector: ReportsAPI.scheduleSelector)
        ).items.sorted { $0.metadata.name < $1.metadata.name }
    }

    /// How often requests were created, from the audit log.
    func requestCreations() throws -> Int {
        try AuditLog.ofEnvironment().creations(of: "reportrequests", in: namespace).values.reduce(0, +)
    }

    /// Lets the held pod of a request's stage end well.
    func release(_ request: String, stage: String = "one") async throws {
        try await kubelet.end(try await pod(of: stage, request: request), exitCode: 0)
    }
}
