import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// A run is over only when no pod of it runs any more.
@Suite(.needsCluster, .besideOthers)
struct CancellationTests {
    private static let stubborn = "terminationGracePeriodSeconds: 5"

    @Test func cancelledRunIsCancellingUntilItsPodIsKilled() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.request(
                    "run", stages: Manifest.held("work", pod: Self.stubborn), Manifest.stage("next", "true")))
            let pod = try await scene.runningPod("work", of: "run")
            try await scene.cancel("run")

            try await scene.cluster.wait(for: Pod.self, pod.metadata.name, in: scene.namespace, "told to end") {
                $0?.metadata.isDeleting ?? true
            }
            // It leaves SIGTERM alone, so it is there for five more seconds.
            let cancelling = try await scene.status(of: "run", "Cancelling or later") {
                $0.phase == .cancelling || $0.isTerminal
            }
            #expect(cancelling.phase == .cancelling)
            #expect(cancelling.condition("Failed") == nil)
            #expect(try await scene.livePods().count == 1)

            try await scene.kubectl("wait", "--for=condition=Failed", "--timeout=60s", "reportrequest/run")
            #expect(try await scene.livePods().isEmpty)
            let status = try await scene.end(of: "run")
            #expect(status.phase == .cancelled)
            #expect(status.reason == Reason.cancelledByUser)
            #expect(status.stagePhases == [.cancelled, .skipped])
            #expect(status.message?.hasPrefix("cancelled while work ran") ?? false, "\(status.message ?? "")")
            #expect(try await scene.jobs().isEmpty)
        }
    }

    @Test func requestCancelledBeforeItsTurnStartsNothing() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let key = "concurrency: {key: erp}"
            try await scene.apply(Manifest.request("first", pipeline: key, stages: Manifest.held("work")))
            try await scene.runningPod("work", of: "first")
            try await scene.apply(Manifest.request("second", pipeline: key, stages: Manifest.stage("work", "true")))
            try await scene.status(of: "second", "Queued") { $0.reason == Reason.waitingForTurn }
            try await scene.cancel("second")
            let status = try await scene.end(of: "second")
            #expect(status.phase == .cancelled)
            #expect(try await scene.jobs().count == 1)
        }
    }

    @Test func deletedRequestKeepsItsPlaceInTheQueueUntilItsPodIsGone() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let key = "concurrency: {key: erp}"
            try await scene.apply(
                Manifest.request("first", pipeline: key, stages: Manifest.held("work", pod: Self.stubborn)))
            let pod = try await scene.runningPod("work", of: "first")
            try await scene.apply(Manifest.request("second", pipeline: key, stages: Manifest.held("work")))
            try await scene.status(of: "second", "Queued") { $0.reason == Reason.waitingForTurn }

            try await scene.kubectl("delete", "reportrequest", "first")
            try await scene.cluster.wait(for: Pod.self, pod.metadata.name, in: scene.namespace, "told to end") {
                $0?.metadata.isDeleting ?? true
            }
            let waiting = try await scene.status(of: "second", "there") { _ in true }
            #expect(waiting.phase == .queued)

            try await scene.status(of: "second", "Running") { $0.phase == .running }
            let rest = try await scene.livePods().filter { $0.metadata.labels[ReportsAPI.Label.request] == "first" }
            #expect(rest.isEmpty)
            try await scene.release("work", of: "second")
            #expect(try await scene.end(of: "second").phase == .succeeded)
            #expect(try await scene.jobs().count == 1)
        }
    }
}
