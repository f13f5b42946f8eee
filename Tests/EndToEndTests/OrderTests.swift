import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// What runs when, and what stages share.
@Suite(.needsCluster, .besideOthers)
struct OrderTests {
    @Test func secondRunOfAKeyStartsOnlyAfterTheFirst() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            let key = "concurrency: {key: erp}"
            try await scene.apply(Manifest.request("first", pipeline: key, stages: Manifest.held("work")))
            try await scene.runningPod("work", of: "first")
            try await scene.apply(Manifest.request("second", pipeline: key, stages: Manifest.stage("work", "true")))
            try await scene.apply(
                Manifest.request("urgent", spec: "priority: 5", pipeline: key, stages: Manifest.held("work")))
            for name in ["second", "urgent"] {
                let waiting = try await scene.status(of: name, "Queued") { $0.reason == Reason.waitingForTurn }
                #expect(waiting.phase == .queued)
                #expect(waiting.message?.contains("erp") ?? false, "\(waiting.message ?? "")")
            }
            #expect(try await scene.jobs().count == 1)

            try await scene.release("work", of: "first")
            try await scene.runningPod("work", of: "urgent")
            let still = try await scene.status(of: "second", "there") { _ in true }
            #expect(still.phase == .queued)
            try await scene.release("work", of: "urgent")

            let (first, urgent) = (try await scene.end(of: "first"), try await scene.end(of: "urgent"))
            let second = try await scene.end(of: "second")
            #expect([first.phase, urgent.phase, second.phase] == [.succeeded, .succeeded, .succeeded])
            #expect(try #require(urgent.startedAt) >= #require(first.completedAt))
            #expect(try #require(second.startedAt) >= #require(urgent.completedAt))
        }
    }

    @Test func runsOfDifferentKeysRunSideBySide() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            for name in ["left", "right"] {
                try await scene.apply(
                    Manifest.request(name, pipeline: "concurrency: {key: \(name)}", stages: Manifest.held("work")))
            }
            try await scene.runningPod("work", of: "left")
            try await scene.runningPod("work", of: "right")
            for name in ["left", "right"] {
                try await scene.release("work", of: name)
                #expect(try await scene.end(of: name).phase == .succeeded)
            }
        }
    }

    @Test func branchesRunSideBySideInOneWorkspace() async throws {
        // Each branch waits for what the other one leaves.
        func meet(_ own: String, _ other: String) -> String {
            "touch /workspace/\(own); until [ -e /workspace/\(other) ]; do sleep 0.1; done"
        }
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(
                Manifest.request(
                    "diamond", pipeline: "workspace: {size: 1Mi}, timeout: 90s",
                    stages: Manifest.stage("begin", "echo 47.11 >/workspace/amount"),
                    Manifest.stage("left", meet("left", "right"), "dependsOn: [begin]"),
                    Manifest.stage("right", meet("right", "left"), "dependsOn: [begin]"),
                    Manifest.stage(
                        "finish", "ls /workspace; cat /workspace/amount", "dependsOn: [left, right]")))
            let status = try await scene.end(of: "diamond")
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            #expect(try await scene.log("finish", of: status) == "amount\nleft\nright\n47.11\n")
            let finish = try #require(status.stage("finish")?.startedAt)
            for name in ["left", "right"] {
                #expect(try #require(status.stage(name)?.completedAt) <= finish)
            }
        }
    }

    @Test func workspaceOfARunIsItsOwn() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            for name in ["one", "two"] {
                try await scene.apply(
                    Manifest.request(
                        name, pipeline: "workspace: {size: 1Mi}",
                        stages: Manifest.stage("write", "[ ! -e /workspace/mark ] && echo \(name) >/workspace/mark"),
                        Manifest.stage("read", "[ \"$(cat /workspace/mark)\" = \(name) ]")))
            }
            for name in ["one", "two"] {
                let status = try await scene.end(of: name)
                #expect(status.phase == .succeeded, "\(status.message ?? "")")
            }
        }
    }
}
