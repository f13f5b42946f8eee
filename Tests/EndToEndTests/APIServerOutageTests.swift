import ClusterSupport
import Foundation
import KubernetesModel
import ReportAPI
import Testing

/// The API server is killed, as a crash would, and comes back with the same data.
@Suite(.needsCluster, .alone)
struct APIServerOutageTests {
    @Test func runSurvivesTheDeathOfTheAPIServerInEachStage() async throws {
        try await Scene.play(whereTheServerRestarts: true) { scene in
            try await scene.startOperator(restarts: true)
            try await scene.apply(
                Manifest.request(
                    "run", stages: Manifest.stage("one", "sleep 2"), Manifest.stage("two", "sleep 2")))
            for stage in ["one", "two"] {
                let selector = Scene.selector(stage, of: "run")
                try await scene.cluster.wait(
                    forAll: Job.self, selector: selector, in: scene.namespace, "a Job of \(stage)"
                ) { !$0.isEmpty }
                try await hackCluster("stop-apiserver")
                try await hackCluster("start-apiserver")
            }
            try await OperatorRestartTests.expectSuccess(of: "run", jobs: 2, in: scene)
        }
    }

    private func hackCluster(_ command: String) async throws {
        let name = try #require(ProcessInfo.processInfo.environment["REPORT_CLUSTER_NAME"])
        try await Command.run(
            [LiveCluster.root.appendingPathComponent("hack/cluster").path, "--name", name, command])
    }
}
