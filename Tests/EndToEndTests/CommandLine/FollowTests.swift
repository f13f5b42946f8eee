import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// The API server is killed while somebody follows a run.
@Suite(.needsCluster, .alone)
struct FollowTests {
    @Test func everyLineOfEveryStageComesOnceThoughTheAPIServerDies() async throws {
        try await Scene.play(whereTheServerRestarts: true) { scene in
            // A slow restart of the server costs the operator its leadership, and it ends.
            try await scene.startOperator(restarts: true)
            let count = 400
            let script = "i=0; while [ $i -lt \(count) ]; do echo $REPORT_STAGE line $i; i=$((i+1)); sleep 0.02; done"
            try await scene.apply(
                SubmitTests.pipeline(
                    "chatty", stages: Manifest.stage("one", script), Manifest.stage("two", "\(script); exit 3")))
            let following = try ReportCTL(scene).start(
                "submit", "chatty", "-p", "period=2026-10", "--name", "run", "--follow")
            try await following.printed("one | one line 50\n")
            try await restartAPIServer()
            try await following.printed("two | two line 50\n")
            try await restartAPIServer()
            #expect(await following.status() == 1, "\(following.errors)")
            let expected = ["one", "two"].flatMap { stage in
                (0..<count).map { "\(stage) | \(stage) line \($0)" }
            }
            let lines = following.output.split(separator: "\n").map(String.init)
            #expect(lines == expected, "\(lines.count) lines; \(following.errors)")
            #expect(following.errors.contains("connected again"), "\(following.errors)")
            #expect(following.errors.contains(/two +Failed/), "\(following.errors)")
        }
    }

    @Test func whoeverWaitsHearsOfTheEndThoughItCameWhileTheAPIServerWasAway() async throws {
        try await Scene.play(whereTheServerRestarts: true) { scene in
            // A slow restart of the server costs the operator its leadership, and it ends.
            try await scene.startOperator(restarts: true)
            try await scene.apply(SubmitTests.pipeline("long", stages: Manifest.held("wait")))
            let waiting = try ReportCTL(scene).start(
                "submit", "long", "-p", "period=2026-10", "--name", "run", "--wait")
            try await scene.runningPod("wait", of: "run")
            try await waiting.printed("wait  Running")
            try await hackCluster("stop-apiserver")
            try await waiting.printed("the connection to the API server is lost")
            try await hackCluster("start-apiserver")
            try await scene.release("wait", of: "run")
            #expect(try await scene.end(of: "run").phase == .succeeded)
            #expect(await waiting.status() == 0, "\(waiting.errors)")
            #expect(waiting.output.contains(/run +Succeeded/), "\(waiting.output)")
        }
    }

    private func restartAPIServer() async throws {
        try await hackCluster("stop-apiserver")
        try await hackCluster("start-apiserver")
    }

    private func hackCluster(_ command: String) async throws {
        let name = try #require(ProcessInfo.processInfo.environment["REPORT_CLUSTER_NAME"])
        try await Command.run(
            [LiveCluster.root.appendingPathComponent("hack/cluster").path, "--name", name, command])
    }
}
