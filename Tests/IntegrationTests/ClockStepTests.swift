import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// The clock of the operator's machine is set by an hour, there and back, while it leads: as by an administrator, or by a virtual
/// machine's move.
@Suite struct ClockStepTests {
    @Test(arguments: [3600, -3600]) func aStepOfAnHourChangesNothing(step: Int) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            let kubelet = Kubelet(client: cluster.client, namespace: namespace) { pod in
                switch pod.stage {
                case "held": .runs
                case "stuck": .staysPending
                default: .succeeds
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await kubelet.run() }
                // Without TLS: an hour ago the cluster's certificates weren't valid yet.
                try await KubectlProxy.run { port in
                    try await Self.run(cluster, namespace, kubelet, step, server: "http://127.0.0.1:\(port)")
                }
                group.cancelAll()
            }
        }
    }

    private static func run(
        _ cluster: LiveCluster, _ namespace: String, _ kubelet: Kubelet, _ step: Int, server: String
    ) async throws {
        let clock = try SetClock()
        let kubeconfig = FileManager.default.temporaryDirectory.appending(path: "kubeconfig-\(namespace)")
        defer { try? FileManager.default.removeItem(at: kubeconfig) }
        try Data(
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: proxy, cluster: {server: "\(server)"}}]
            users: [{name: none, user: {}}]
            contexts: [{name: proxy, context: {cluster: proxy, user: none, namespace: \(namespace)}}]
            current-context: proxy
            """.utf8
        ).write(to: kubeconfig)
        let process = try OperatorProcess(
            namespace: namespace, "--kubeconfig", kubeconfig.path, "--leader-election", "on",
            environment: clock.environment)
        do {
            try await process.says("Started workers")
            try await cluster.apply(pipelines, in: namespace)
            for name in ["held", "stuck"] { try await cluster.apply(request(name, of: name), in: namespace) }
            for name in ["held", "stuck"] {
                try await wait(cluster, namespace, name, "runs") { $0.stages?.first?.phase == .running }
            }
            for (round, seconds) in [step, 0].enumerated() {
                try clock.set(seconds)
                try await cluster.apply(request("round-\(round)", of: "quick"), in: namespace)
                let quick = try await wait(cluster, namespace, "round-\(round)", "Succeeded") {
                    $0.phase == .succeeded
                }
                try expectNow(quick)
            }
            try clock.set(step)
            let pods = try await cluster.client.list(Pod.self, namespace: namespace).items
            for pod in pods where pod.stage == "held" { try await kubelet.end(pod, exitCode: 0) }
            try expectNow(try await wait(cluster, namespace, "held", "Succeeded") { $0.phase == .succeeded })

            let stuck = try await wait(cluster, namespace, "stuck", "Failed") { $0.phase == .failed }
            let stage = try #require(stuck.stages?.first)
            let waited = try #require(stage.completedAt).seconds - #require(stage.startedAt).seconds
            #expect(waited >= 20 && waited < 120, "\(stage)")
            try expectNow(stuck)
            #expect(!process.log.contains("Lost leadership") && process.isRunning)
            let lease = try await cluster.client.get(Lease.self, name: "report-operator", namespace: namespace)
            #expect(lease.spec?.leaseTransitions == 0)
            let created = try AuditLog.ofEnvironment().creations(of: "jobs", in: namespace)
            #expect(created.count == 5 && created.values.allSatisfy { $0 == 1 }, "\(created)")
        } catch {
            print(process.log.suffix(6000))
            await process.crash()
            throw error
        }
        await process.crash()
        try? FileManager.default.removeItem(at: process.logFile)
    }

    /// `held` has a timeout that half an hour would be beyond, and `stuck` can't start.
    private static let pipelines = """
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: held}
        spec: {stages: [{name: held, image: a}, {name: last, image: a}], timeout: 30m}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: stuck}
        spec: {stages: [{name: stuck, image: a, startTimeout: 20s}]}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: quick}
        spec: {stages: [{name: only, image: a}]}
        """

    private static func request(_ name: String, of pipeline: String) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportRequest
        metadata: {name: \(name)}
        spec: {pipelineRef: {name: \(pipeline)}}
        """
    }

    @discardableResult
    private static func wait(
        _ cluster: LiveCluster, _ namespace: String, _ name: String, _ what: String,
        _ holds: @escaping @Sendable (ReportRequestStatus) -> Bool
    ) async throws -> ReportRequestStatus {
        let request = try await cluster.wait(
            for: ReportRequest.self, name, in: namespace, within: .seconds(120), what
        ) { $0?.status.map(holds) ?? false }
        return try #require(request?.status)
    }

    /// All its times are of the cluster's clock: within minutes of ours, which is the same, and in order.
    private static func expectNow(_ status: ReportRequestStatus) throws {
        let now = Timestamp(Date()).seconds
        let times =
            [status.startedAt, status.completedAt].compactMap(\.self)
            + (status.stages ?? []).flatMap { [$0.startedAt, $0.completedAt].compactMap(\.self) }
            + (status.transitions ?? []).map(\.at) + (status.conditions ?? []).compactMap(\.lastTransitionTime)
        #expect(times.count >= 6 && times.allSatisfy { abs($0.seconds - now) < 600 }, "\(times), now \(now)")
        let started = try #require(status.startedAt)
        #expect(try #require(status.completedAt) >= started)
    }
}
