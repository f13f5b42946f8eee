import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// An etcd that is restored from a snapshot while the operator runs: what came after the snapshot is gone.
@Suite(.serialized) struct RestoredClusterTests {
    private static func request(_ name: String) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportRequest
        metadata: {name: \(name)}
        spec: {pipelineRef: {name: held}}
        """
    }

    /// A run that was under way goes on from where the snapshot has it, one that is gone holds nobody's place, and the operator
    /// begins anew by itself.
    @Test func theOperatorGoesOnFromTheSnapshot() async throws {
        try await OwnCluster.run("rewind") { own in
            try await own.applyDefinitions()
            let folder = FileManager.default.temporaryDirectory.appending(path: "etcd-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            try await own.live.withNamespace { namespace in
                let kubelet = Kubelet(
                    client: own.live.client, namespace: namespace, fate: { $0.stage == "held" ? .runs : .succeeds })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await kubelet.run() }
                    try await Self.restore(own, namespace, kubelet, folder)
                    group.cancelAll()
                }
            }
        }
    }

    private static func restore(
        _ own: OwnCluster, _ namespace: String, _ kubelet: Kubelet, _ folder: URL
    ) async throws {
        let live = own.live
        // A leader would end by itself where the server is away for ten seconds.
        func start() throws -> OperatorProcess {
            try OperatorProcess(
                namespace: namespace, "--leader-election", "off",
                environment: live.kubeconfig.map { ["KUBECONFIG": $0] } ?? [:])
        }
        func wait(_ name: String, _ what: String, _ holds: @escaping @Sendable (ReportRequest) -> Bool) async throws {
            try await live.wait(for: ReportRequest.self, name, in: namespace, within: .seconds(120), what) {
                $0.map(holds) ?? false
            }
        }
        func end(_ name: String) async throws {
            try await wait(name, "held") { $0.status?.stages?.first?.phase == .running }
            let pods = try await live.wait(forAll: Pod.self, in: namespace, "the pod of \(name)") { pods in
                pods.contains { $0.request == name && $0.stage == "held" && $0.status?.phase == "Running" }
            }
            let pod = try #require(pods.first { $0.request == name && $0.stage == "held" })
            try await kubelet.end(pod, exitCode: 0)
        }
        let first = try start()
        do {
            // One at a time: who holds the place keeps all others out.
            try await live.apply(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportPipeline
                metadata: {name: held}
                spec: {stages: [{name: held, image: a}, {name: last, image: a}], concurrency: {limit: 1}}
                """, in: namespace)
            try await live.apply(request("under-way"), in: namespace)
            try await wait("under-way", "runs") { $0.status?.stages?.first?.phase == .running }
            try await own.save(to: folder)

            // What the snapshot doesn't have: its end, and another run in its place.
            try await end("under-way")
            try await wait("under-way", "Succeeded") { $0.status?.phase == .succeeded }
            for number in 1...20 { try await live.apply(request("waits-\(number)"), in: namespace) }
            try await live.apply(request("ghost"), in: namespace)
            try await wait("waits-1", "runs") { $0.status?.phase == .running }

            let begin = ContinuousClock.now
            try await own.restore(from: folder)
            let back = ContinuousClock.now
            try await eventually("the operator ends", within: .seconds(180), every: .milliseconds(100)) {
                !first.isRunning
            }
            #expect(await first.exitStatus() != 0)
            let noticed = ContinuousClock.now - back
            #expect(first.log.contains("The cluster was set back"), "\(first.log.suffix(3000))")

            // As a kubelet starts a container that has ended.
            let second = try start()
            do {
                try await live.apply(request("after"), in: namespace)
                try await end("under-way")
                try await wait("under-way", "Succeeded") { $0.status?.phase == .succeeded }
                try await end("after")
                try await wait("after", "Succeeded") { $0.status?.phase == .succeeded }
                let all = try await live.client.list(ReportRequest.self, namespace: namespace).items
                #expect(all.map(\.metadata.name).sorted() == ["after", "under-way"])
                // A stage has succeeded with its pod, and newer Job controllers count that a second later.
                let jobs = try await live.wait(forAll: Job.self, in: namespace, "every Job has succeeded") {
                    $0.allSatisfy { $0.status?.succeeded == 1 }
                }
                #expect(jobs.count == 4)
            } catch {
                print("The second operator:\n\(second.log.suffix(6000))")
                await second.crash()
                throw error
            }
            print(
                "restored in \(back - begin); the operator ended \(noticed) after that; both runs ended "
                    + "\(ContinuousClock.now - back) after it")
            _ = await second.terminate()
            for process in [first, second] { try? FileManager.default.removeItem(at: process.logFile) }
        } catch {
            print("The first operator:\n\(first.log.suffix(6000))")
            await first.crash()
            throw error
        }
    }
}
