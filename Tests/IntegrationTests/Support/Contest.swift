import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI

/// Operators as processes of their own that agree by a Lease on which one acts, in a namespace of its own, and a kubelet
/// that lets every stage succeed.
struct Contest: Sendable {
    let cluster: LiveCluster
    let namespace: String

    static func run(on cluster: LiveCluster? = nil, _ body: (Contest) async throws -> Void) async throws {
        let cluster = try cluster ?? LiveCluster()
        try await cluster.withNamespace { namespace in
            let kubelet = Kubelet(client: cluster.client, namespace: namespace, fate: { _ in .succeeds })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await kubelet.run() }
                try await body(Contest(cluster: cluster, namespace: namespace))
                group.cancelAll()
            }
        }
    }

    /// Runs `body` beside that number of operators, the first of which leads; the others stand by.
    ///
    /// `lastAt` is where the last one serves its status: `host:port`, or `off`.
    func withOperators(
        _ count: Int, lastAt address: String = "off", _ body: ([OperatorProcess]) async throws -> Void
    ) async throws {
        var operators: [OperatorProcess] = []
        do {
            for number in 1...count {
                let next = try OperatorProcess(
                    namespace: namespace, "--leader-election", "on", statusAddress: number == count ? address : "off",
                    environment: cluster.kubeconfig.map { ["KUBECONFIG": $0] } ?? [:])
                operators.append(next)
                try await next.says(operators.count == 1 ? "Started workers" : "Standing by")
            }
            try await body(operators)
        } catch {
            for process in operators { print("\(process.logFile.path):\n\(process.log.suffix(6000))") }
            for process in operators { await process.crash() }
            throw error
        }
        for process in operators { await process.crash() }
        for process in operators { try? FileManager.default.removeItem(at: process.logFile) }
    }

    /// Has a report of one stage run to its end.
    func runReport(_ name: String, within limit: Duration = .seconds(60)) async throws {
        try await createRequest(name)
        try await cluster.wait(for: ReportRequest.self, name, in: namespace, within: limit, "Succeeded") {
            $0?.status?.phase == .succeeded
        }
    }

    func createRequest(_ name: String) async throws {
        try await cluster.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportRequest
            metadata: {name: \(name)}
            spec: {pipeline: {stages: [{name: only, image: a}]}}
            """, in: namespace)
    }

    func lease() async throws -> Lease {
        try await cluster.client.get(Lease.self, name: "report-operator", namespace: namespace)
    }
}

extension OperatorProcess {
    var isLeading: Bool { log.contains("Leading: this process acts") }

    /// Waits for its log to have these words; returns how long that took.
    @discardableResult
    func says(_ words: String, within limit: Duration = .seconds(60)) async throws -> Duration {
        let start = ContinuousClock.now
        // A file tells nobody that it has grown.
        try await eventually(
            "the operator says: \(words)\n\(log.suffix(3000))", within: limit, every: .milliseconds(20)
        ) { log.contains(words) }
        return start.duration(to: .now)
    }
}
