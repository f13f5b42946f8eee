import ClusterSupport
import ControllerRuntime
import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import ReportController
import ReportPlanning
import TestSupport
import YAMLCoding

/// A namespace of its own with an operator and a kubelet that the test plays.
struct TestBed: Sendable {
    let cluster: LiveCluster
    let namespace: String
    let kubelet: Kubelet
    let `operator`: Operator
    let history: PhaseHistory
    /// Whether its operator makes deliveries, by channels of the same namespace.
    let makesDeliveries: Bool
    /// What the operator has outside the cluster, for another operator in the same namespace.
    let stores: @Sendable (String, Logger) throws -> OutsideStores

    /// Runs `body` beside an operator and a kubelet in a namespace of its own.
    ///
    /// `prepare` readies the namespace and says how the operator reaches the server and as whom; nil: as the tests.
    /// `stores` says what the operator has outside the cluster, for its namespace and with its logger.
    /// `seesAllNamespaces`: the operator acts for all of them, so that the cluster has to be the test's own.
    static func run(
        on cluster: LiveCluster? = nil,
        namespace: String = LiveCluster.namespaceName(), seesAllNamespaces: Bool = false,
        now: (@Sendable () -> Date)? = nil,
        fate: @escaping @Sendable (Pod) -> Kubelet.Fate = { _ in .succeeds },
        inlinePipelines: InlinePipelineRule = .allowed,
        makesDeliveries: Bool = false, clusterName: String? = nil, operatorName: String? = nil,
        stores: @escaping @Sendable (String, Logger) throws -> OutsideStores = { _, _ in .init() },
        prepare: (LiveCluster, String) async throws -> ClientConfiguration? = { _, _ in nil },
        _ body: (TestBed) async throws -> Void
    ) async throws {
        let cluster = try cluster ?? LiveCluster()
        await Places.forBeds.enter()
        do {
            try await build(
                on: cluster, namespace: namespace, seesAllNamespaces: seesAllNamespaces, now: now, fate: fate,
                inlinePipelines: inlinePipelines, makesDeliveries: makesDeliveries, clusterName: clusterName,
                operatorName: operatorName, stores: stores, prepare: prepare, body)
        } catch {
            await Places.forBeds.leave()
            throw error
        }
        await Places.forBeds.leave()
    }

    private static func build(
        on cluster: LiveCluster,
        namespace: String, seesAllNamespaces: Bool,
        now: (@Sendable () -> Date)?,
        fate: @escaping @Sendable (Pod) -> Kubelet.Fate,
        inlinePipelines: InlinePipelineRule,
        makesDeliveries: Bool, clusterName: String?, operatorName: String?,
        stores: @escaping @Sendable (String, Logger) throws -> OutsideStores,
        prepare: (LiveCluster, String) async throws -> ClientConfiguration?,
        _ body: (TestBed) async throws -> Void
    ) async throws {
        try await cluster.withNamespace(namespace) { namespace in
            let configuration = try await prepare(cluster, namespace)
            let history = PhaseHistory()
            let kubelet = Kubelet(client: cluster.client, namespace: namespace, fate: fate)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await kubelet.run() }
                group.addTask { await history.follow(cluster.client, namespace: namespace) }
                let instance = try Operator(
                    configuration ?? cluster.configuration, namespace: seesAllNamespaces ? nil : namespace,
                    inlinePipelines: inlinePipelines, courierNamespace: makesDeliveries ? namespace : nil,
                    clusterName: clusterName, name: operatorName,
                    stores: { try stores(namespace, $0) }, now: now)
                group.addTask { try await instance.run() }
                do {
                    try await body(
                        TestBed(
                            cluster: cluster, namespace: namespace, kubelet: kubelet, operator: instance,
                            history: history, makesDeliveries: makesDeliveries, stores: stores))
                } catch {
                    print("The operator's log:\n" + instance.log.all.suffix(60).joined(separator: "\n"))
                    // Whether it was the operator or the cluster that didn't get on.
                    let jobs = try? await cluster.client.list(Job.self, namespace: namespace).items
                    for job in jobs ?? [] { print("Job \(job.metadata.name): \(job.status as Any)") }
                    throw error
                }
                await instance.stop()
                group.cancelAll()
            }
        }
    }

    /// Runs `body` beside another operator, as after a restart.
    func withOperator(
        _ configuration: ClientConfiguration, makesDeliveries: Bool? = nil, name: String? = nil,
        _ body: (Operator) async throws -> Void
    ) async throws {
        let instance = try Operator(
            configuration, namespace: namespace,
            courierNamespace: makesDeliveries ?? self.makesDeliveries ? namespace : nil, name: name,
            stores: { try stores(namespace, $0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await instance.run() }
            do {
                try await body(instance)
            } catch {
                print("The second operator's log:\n" + instance.log.all.suffix(60).joined(separator: "\n"))
                throw error
            }
            await instance.stop()
            group.cancelAll()
        }
    }

    // MARK: Objects

    @discardableResult
    func create<R: KubernetesResource>(_ type: R.Type, _ manifest: String) async throws -> R {
        try await cluster.client.create(type, manifest: JSONValue.yaml(manifest), namespace: namespace)
    }

    /// A pipeline of those stages, one after another; `more` is the rest of its `spec`.
    @discardableResult
    func createPipeline(
        _ name: String = "report", stages: [String] = ["one"], more: String = "{}"
    ) async throws -> ReportPipeline {
        let stages = stages.map { JSONValue.object(["name": .string($0), "image": "example.org/stage:1"]) }
        let spec = JSONValue.object(["stages": .array(stages)]).merging(try .yaml(more))
        return try await cluster.client.create(
            ReportPipeline.self,
            manifest: JSONValue.object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportPipeline",
                "metadata": .object(["name": .string(name)]), "spec": spec,
            ]),
            namespace: namespace)
    }

    /// Waits until the operator's cache has the pipeline. A request that it sees first is `Queued` for a moment, which
    /// matters where a test counts writes or phases.
    func waitUntilOperatorHas(_ pipeline: ReportPipeline) async throws {
        let pipelines = `operator`.controller.cache.pipelines
        try await eventually("the operator has pipeline \(pipeline.metadata.name)") {
            pipelines.get(pipeline.key)?.metadata.uid == pipeline.metadata.uid
        }
    }

    /// A request for a pipeline; `more` is the rest of its `spec`.
    @discardableResult
    func createRequest(
        _ name: String = "run", of pipeline: String? = "report", more: String = "{}"
    ) async throws -> ReportRequest {
        var spec: JSONObject = [:]
        if let pipeline { spec["pipelineRef"] = .object(["name": .string(pipeline)]) }
        return try await cluster.client.create(
            ReportRequest.self,
            manifest: JSONValue.object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest",
                "metadata": .object(["name": .string(name)]), "spec": JSONValue.object(spec).merging(try .yaml(more)),
            ]),
            namespace: namespace)
    }

    /// Lays a merge patch over a request.
    func patchRequest(_ name: String = "run", _ patch: String) async throws {
        _ = try await cluster.client.patch(
            ReportRequest.self, name: name, namespace: namespace, merge: try JSONValue.yaml(patch))
    }

    /// Stages in a row; the pods of those `held` (nil: of all) stay until the test releases them, as if they took
    /// long to end.
    static func heldStages(_ names: String..., held: Set<String>? = nil) -> String {
        let stages = names.map { name in
            let isHeld = held?.contains(name) ?? true
            let template = isHeld ? ", podTemplate: {metadata: {finalizers: [example.org/hold]}}" : ""
            return "- {name: \(name), image: a\(template)}"
        }
        return "stages:\n" + stages.joined(separator: "\n")
    }

    func deleteRequest(
        _ name: String = "run", propagation: DeleteOptions.Propagation = .background
    ) async throws {
        try await cluster.client.delete(
            ReportRequest.self, name: name, namespace: namespace, options: DeleteOptions(propagation: propagation))
    }

    // MARK: Waiting

    @discardableResult
    func wait(
        for name: String = "run", within limit: Duration = .seconds(120), _ what: String,
        until holds: @escaping @Sendable (ReportRequest) -> Bool
    ) async throws -> ReportRequest {
        let found = try await cluster.wait(for: ReportRequest.self, name, in: namespace, within: limit, what) {
            $0.map(holds) ?? false
        }
        guard let found else { throw DeadlineExceeded(description: "\(name) is gone") }
        try await history.catchUp(to: found.metadata.resourceVersion, within: limit)
        return found
    }

    @discardableResult
    func wait(
        for name: String = "run", within limit: Duration = .seconds(120), phase: ReportRequestStatus.Phase
    ) async throws -> ReportRequest {
        try await wait(for: name, within: limit, "\(phase)") { $0.status?.phase == phase }
    }

    /// Waits for a stage's pod in that phase.
    @discardableResult
    func pod(
        of stage: String, request: String = "run", phase: String = "Running", attempt: Int = 1
    ) async throws -> Pod {
        let labels =
            "\(ReportsAPI.Label.request)=\(request),\(ReportsAPI.Label.stage)=\(stage),"
            + "\(ReportsAPI.Label.attempt)=\(attempt)"
        let pods = try await cluster.wait(
            forAll: Pod.self, selector: labels, in: namespace, "\(request)'s \(stage) has a pod in phase \(phase)"
        ) { $0.contains { $0.status?.phase == phase } }
        guard let pod = pods.first(where: { $0.status?.phase == phase }) else {
            throw DeadlineExceeded(description: "no pod")
        }
        return pod
    }

    func jobs() async throws -> [Job] {
        try await cluster.client.list(Job.self, namespace: namespace).items
    }

    /// How often each Job was created, from the audit log.
    func jobCreations() throws -> [String: Int] {
        try AuditLog.ofEnvironment().creations(of: "jobs", in: namespace)
    }
}

extension ReportRequest {
    func stage(_ name: String) -> StageStatus? { status?.stage(name) }

    func condition(_ type: RequestCondition) -> Condition? { status?.condition(type) }

    /// The phases of its stages, in their order.
    var stagePhases: [StageStatus.Phase] { status?.stages?.map(\.phase) ?? [] }
}

extension JSONValue {
    /// What a manifest says.
    static func yaml(_ text: String) throws -> JSONValue { try YAMLDecoder().decode(JSONValue.self, from: text) }
}
