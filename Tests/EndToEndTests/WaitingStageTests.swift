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
