import ClusterSupport
import Foundation
import KubernetesModel
import ReportAPI
import Testing

/// The operator dies and is started again: the run ends as if nothing had happened, with one Job for each stage.
@Suite(.needsCluster, .besideOthers)
struct OperatorRestartTests {
    @Test func stageThatEndedWhileTheOperatorWasDeadIsFollowedByTheNext() async throws {
        try await Scene.play { scene in
            let first = try await scene.startOperator()
            try await scene.apply(
                Manifest.request("run", stages: Manifest.held("one"), Manifest.stage("two", "echo two")))
            try await scene.runningPod("one", of: "run")
            try await first.crash()
            try await scene.release("one", of: "run")
            try await scene.cluster.wait(forAll: Job.self, in: scene.namespace, "the Job of one finished") {
                $0.contains { $0.isFinished }
            }
            try await scene.startOperator()
            try await Self.expectSuccess(of: "run", jobs: 2, in: scene)
        }
    }

    @Test func operatorKilledAsTheNextStagesJobAppearsDoesNotMakeItTwice() async throws {
        try await Scene.play { scene in
            let first = try await scene.startOperator()
            try await scene.apply(
                Manifest.request(
                    "run", stages: Manifest.stage("one", "echo one"), Manifest.stage("two", "echo two"),
                    Manifest.stage("three", "echo three")))
            // The Job stands, and the status may not yet tell of it.
            try await scene.cluster.wait(forAll: Job.self, in: scene.namespace, "a second Job") { $0.count >= 2 }
            try await first.crash()
            try await scene.startOperator()
            try await Self.expectSuccess(of: "run", jobs: 3, in: scene)
        }
    }

    @Test func operatorKilledAtEveryChangeStillEndsTheRun() async throws {
        try await Scene.play { scene in
            try await scene.apply(
                Manifest.request(
                    "run", stages: Manifest.stage("one", "echo one"), Manifest.stage("left", "echo left"),
                    Manifest.stage("right", "echo right", "dependsOn: [one]"),
                    Manifest.stage("last", "echo last", "dependsOn: [left, right]")))
            var status: ReportRequestStatus?
            for _ in 0..<40 where !(status?.isTerminal ?? false) {
                let before = status
                let process = try await scene.startOperator()
                status = try await scene.status(of: "run", "changed") { $0 != before }
                try await process.crash()
            }
            try await Self.expectSuccess(of: "run", jobs: 4, in: scene)
        }
    }

    @Test func terminatedOperatorExitsWithZeroAndTheRunGoesOnWithTheNext() async throws {
        try await Scene.play { scene in
            let first = try await scene.startOperator()
            try await scene.apply(
                Manifest.request("run", stages: Manifest.held("one"), Manifest.stage("two", "echo two")))
            try await scene.runningPod("one", of: "run")
            #expect(try await first.terminate() == 0)
            #expect(await first.log().contains(#""message":"Stopped""#))
            try await scene.release("one", of: "run")
            try await scene.startOperator()
            try await Self.expectSuccess(of: "run", jobs: 2, in: scene)
        }
    }

    @Test func cancellationGoesOnWithTheNextOperator() async throws {
        try await Scene.play { scene in
            let first = try await scene.startOperator()
            try await scene.apply(Manifest.request("run", stages: Manifest.held("one")))
            try await scene.runningPod("one", of: "run")
            try await first.crash()
            try await scene.cancel("run")
            try await scene.startOperator()
            let status = try await scene.end(of: "run")
            #expect(status.phase == .cancelled)
            #expect(status.reason == Reason.cancelledByUser)
            #expect(try await scene.livePods().isEmpty)
        }
    }

    static func expectSuccess(of name: String, jobs count: Int, in scene: Scene) async throws {
        let status = try await scene.end(of: name)
        #expect(status.phase == .succeeded, "\(status.message ?? "")")
        #expect(status.stagePhases.allSatisfy { $0 == .succeeded })
        let names = Set(status.stages?.compactMap(\.job) ?? [])
        #expect(names.count == count)
        #expect(Set(try await scene.jobs().map(\.metadata.name)) == names)
        // The server notes a creation as failed where it succeeded just as the operator was killed: so at most one.
        let creations = try AuditLog.ofEnvironment().creations(of: "jobs", in: scene.namespace)
        #expect(!creations.isEmpty && creations.values.allSatisfy { $0 == 1 }, "\(creations)")
        #expect(names.isSuperset(of: creations.keys))
    }
}
