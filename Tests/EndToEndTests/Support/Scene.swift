import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Synchronization

/// A namespace of its own, and the operators that work in it.
final class Scene: Sendable {
    let cluster: LiveCluster
    let namespace: String
    private let operators = Mutex<[OperatorPod]>([])
    private let processes = Mutex<[OperatorProcess]>([])

    private init(_ cluster: LiveCluster, _ namespace: String) {
        self.cluster = cluster
        self.namespace = namespace
    }

    /// Runs `body` and ends its operators, however it ends.
    ///
    /// `whereTheServerRestarts`: for a moment it refuses things and says no reason, so refusals prove nothing.
    static func play(
        whereTheServerRestarts: Bool = false, _ body: (Scene) async throws -> Void
    ) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            let scene = Scene(cluster, namespace)
            do {
                try await body(scene)
                if !whereTheServerRestarts { try await scene.expectNothingWasForbidden() }
                await scene.endOperators()
                // Its pods run on this machine, and some are in no run.
                try await cluster.kubectl("delete", "namespace", namespace, "--wait=false")
            } catch {
                let view = await scene.view()
                await scene.endOperators()
                throw Failed(description: "\(error)\n\(view)")
            }
        }
        cluster.client.shutdown()
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// The operator in a pod of this namespace, as `manifests/overlays/namespaced` installs it, under its own service
    /// account; `arguments` are more of its options. `restarts`: again and again, as a Deployment's would be; else once.
    @discardableResult
    func startOperator(_ arguments: String..., restarts: Bool = false) async throws -> OperatorPod {
        let installation = try await NamespacedInstallation(namespace: namespace)
        let pod = operators.withLock { operators in
            operators.append(
                OperatorPod(cluster, namespace: namespace, name: "report-operator-\(operators.count + 1)"))
            return operators[operators.count - 1]
        }
        let manifest = installation.pod(
            pod.name, arguments: ["--log-level=debug"] + arguments, restartPolicy: restarts ? "Always" : "Never")
        let list = JSONValue.object([
            "apiVersion": .string("v1"), "kind": .string("List"),
            "items": .array(pod.name.hasSuffix("-1") ? installation.objects + [manifest] : [manifest]),
        ])
        try await apply(String(decoding: list.jsonText, as: UTF8.self))
        return pod
    }

    /// The operator as a process of this machine, with the tests' own credentials: for what a container would hide.
    func startProcess(statusAddress: String = "off", kubeconfig: URL? = nil) throws -> OperatorProcess {
        let environment = kubeconfig.map { ["KUBECONFIG": $0.path] } ?? [:]
        let process = try OperatorProcess(
            namespace: namespace, statusAddress: statusAddress, environment: environment)
        processes.withLock { $0.append(process) }
        return process
    }

    private func endOperators() async {
        for pod in operators.withLock({ $0 }) { pod.kill() }
        for process in processes.withLock({ $0 }) {
            await process.crash()
            try? FileManager.default.removeItem(at: process.logFile)
        }
    }

    /// The role in `manifests/` is enough for all that happened here.
    private func expectNothingWasForbidden() async throws {
        for pod in operators.withLock({ $0 }) {
            // An API server that has just started refuses everything until it has read its roles, and says so. Which cluster it
            // is stays unknown to who has rights in one namespace.
            let refusals = await pod.log().split(separator: "\n").filter {
                $0.contains("is forbidden") && !$0.contains("RBAC: [") && !$0.contains("get namespaces kube-system")
            }
            guard refusals.isEmpty else {
                throw Failed(description: "the operator lacks permissions: \(refusals.joined(separator: "\n"))")
            }
        }
    }

    /// What a person would look at to see why it failed.
    private func view() async -> String {
        var parts = [(try? await kubectl("get", "reportrequests,jobs,pods,pvc", "-o", "wide")) ?? "nothing to see"]
        for pod in operators.withLock({ $0 }) { parts.append("\(pod.name):\n\(await pod.log().suffix(6000))") }
        parts += processes.withLock { $0 }.map { "\($0.logFile.path):\n\($0.log.suffix(4000))" }
        return parts.joined(separator: "\n")
    }
}

extension Scene {
    @discardableResult
    func kubectl(_ arguments: String..., input: String? = nil) async throws -> String {
        try await Command.run(["kubectl", "-n", namespace] + arguments, input: input)
    }

    func apply(_ manifest: String) async throws {
        try await cluster.apply(manifest, in: namespace)
    }

    func cancel(_ name: String) async throws {
        try await kubectl("patch", "reportrequest", name, "--type=merge", "-p", #"{"spec":{"cancel":true}}"#)
    }

    /// Has the operators that are started after it keep records.
    ///
    /// - Returns: MongoDB's address, which is the same for pods and for this machine.
    @discardableResult
    func keepRecords() async throws -> String {
        let uri = try Self.server("REPORT_TEST_MONGODB_URI_FOR_PODS")
        try await createSecret("report-operator-mongodb", ["uri": uri])
        return uri
    }

    /// The servers of the sample's stages, as `hack/test end-to-end` names them for pods.
    func createSampleSecrets() async throws {
        try await createSecret("warehouse", ["dsn": Self.server("REPORT_TEST_WAREHOUSE_DSN_FOR_PODS")])
        try await createSecret("mongodb", ["uri": Self.server("REPORT_TEST_MONGODB_STAGES_URI_FOR_PODS")])
    }

    static func server(_ variable: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[variable] else {
            throw Failed(description: "\(variable) is not set")
        }
        return value
    }

    private func createSecret(_ name: String, _ values: [String: String]) async throws {
        let fields = values.map { "\($0.key): \(Manifest.quoted($0.value))" }.joined(separator: ", ")
        try await apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: \(name)}
            stringData: {\(fields)}
            """)
    }

    // MARK: What the operator says

    /// The request's status, once it is as it should be.
    @discardableResult
    func status(
        of name: String, within limit: Duration = .seconds(90), _ what: String,
        until holds: @escaping @Sendable (ReportRequestStatus) -> Bool
    ) async throws -> ReportRequestStatus {
        let request = try await cluster.wait(
            for: ReportRequest.self, name, in: namespace, within: limit, what
        ) { request in
            guard let status = request?.status else { return false }
            return holds(status)
        }
        guard let status = request?.status else { throw Failed(description: "\(name) has no status") }
        return status
    }

    /// The status that the request ends with, whichever that is.
    func end(of name: String, within limit: Duration = .seconds(120)) async throws -> ReportRequestStatus {
        try await status(of: name, within: limit, "finished") { $0.isTerminal }
    }

    // MARK: What runs

    func jobs() async throws -> [Job] {
        try await cluster.client.list(Job.self, namespace: namespace).items
    }

    /// Those of stages, not the operator's own.
    func livePods() async throws -> [Pod] {
        try await cluster.client.list(
            Pod.self, namespace: namespace, options: ListOptions(labelSelector: ReportsAPI.Label.requestUID)
        ).items.filter { !$0.hasEnded }
    }

    /// Waits until the stage's container runs; returns its pod.
    @discardableResult
    func runningPod(_ stage: String, of request: String, within limit: Duration = .seconds(90)) async throws -> Pod {
        let pods = try await cluster.wait(
            forAll: Pod.self, selector: Self.selector(stage, of: request), in: namespace, within: limit,
            "\(stage) of \(request) running"
        ) { $0.contains { $0.status?.phase == "Running" } }
        guard let pod = pods.first(where: { $0.status?.phase == "Running" }) else {
            throw Failed(description: "no pod of \(stage) runs")
        }
        return pod
    }

    /// Lets a held stage end.
    func release(_ stage: String, of request: String) async throws {
        let pod = try await runningPod(stage, of: request).metadata.name
        let touch = ["-n", namespace, "exec", pod, "-c", "stage", "--", "touch", "/tmp/go"]
        let result = try await cluster.kubectlResult(touch)
        // A stage that sees it at once ends before `touch` has, and takes it along.
        guard [0, 137].contains(result.status) else { throw Failed(description: "\(touch): \(result.errors)") }
    }

    /// The stage's log, as `kubectl logs job/…` shows it.
    func log(_ stage: String, of status: ReportRequestStatus) async throws -> String {
        try await kubectl("logs", "job/\(status.stage(stage)?.job ?? "none")", "-c", "stage")
    }

    static func selector(_ stage: String, of request: String) -> String {
        "\(ReportsAPI.Label.request)=\(request),\(ReportsAPI.Label.stage)=\(stage)"
    }
}

extension ReportRequestStatus {
    /// `[phase of the first stage, …]`
    var stagePhases: [StageStatus.Phase] { stages?.map(\.phase) ?? [] }
}
