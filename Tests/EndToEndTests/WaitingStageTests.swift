import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// A stage whose pod can't start: the request says why while it waits, and can be cancelled.
///
/// Kubernetes 1.20's kubelet may take a minute to let such a pod go, and so may these tests.
@Suite(.needsCluster, .mostlyWaiting)
struct WaitingStageTests {
    @Test func imageThatDoesNotExistIsNamedWhileItIsWaitedFor() async throws {
        try await expect("ImagePullBackOff", "localhost/nobody/has-this:9") {
            Manifest.stage("pull", "true", image: "localhost/nobody/has-this:9")
        }
    }

    @Test func podThatNoNodeTakesIsExplainedWhileItWaits() async throws {
        try await expect("Unschedulable", "node") {
            Manifest.stage("place", "true", pod: "nodeSelector: {no-such: node}")
        }
    }

    /// What waits for its turn behind it needn't wait for people.
    @Test func whatDoesNotStartInTimeFailsWithItsCauseAndLetsTheNextOneRun() async throws {
        let stuck = Manifest.request(
            "stuck", pipeline: "concurrency: {key: turns}",
            stages: Manifest.stage("pull", "true", "startTimeout: 45s", image: "localhost/nobody/has-this:9"),
            Manifest.stage("next", "true"))
        let waiting = Manifest.request(
            "waiting", pipeline: "concurrency: {key: turns}", stages: Manifest.stage("only", "true"))
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(stuck)
            _ = try await scene.status(of: "stuck", "running") { $0.phase == .running }
            try await scene.apply(waiting)
            let failed = try await scene.end(of: "stuck")
            #expect(failed.phase == .failed && failed.reason == Reason.stageFailed)
            #expect(failed.stagePhases == [.failed, .skipped])
            let stage = try #require(failed.stages?.first)
            #expect(
                stage.message?.hasPrefix("it did not start within 45s (startTimeout): ") == true
                    && stage.message?.contains("localhost/nobody/has-this:9") == true, "\(stage.message ?? "")")
            #expect(try await scene.end(of: "waiting").phase == .succeeded)
            #expect(try await scene.livePods().isEmpty)
        }
    }

    private func expect(_ reason: String, _ detail: String, stage: () -> String) async throws {
        let manifest = Manifest.request("run", stages: stage(), Manifest.stage("next", "true"))
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(manifest)
            let waiting = try await scene.status(of: "run", "saying \(reason)") {
                $0.message?.contains(reason) ?? false
            }
            #expect(waiting.phase == .running)
            #expect(waiting.reason == Reason.stageNotStarting)
            #expect(waiting.message?.contains(detail) ?? false, "\(waiting.message ?? "")")

            try await scene.cancel("run")
            let status = try await scene.end(of: "run")
            #expect(status.phase == .cancelled)
            #expect(status.stagePhases == [.cancelled, .skipped])
            #expect(try await scene.jobs().isEmpty)
            #expect(try await scene.livePods().isEmpty)
        }
    }
}
