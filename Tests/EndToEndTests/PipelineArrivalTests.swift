import ClusterSupport
import KubernetesModel
import ReportAPI
import Testing

/// A request that comes before its pipeline, by the real clock.
@Suite(.needsCluster)
struct PipelineArrivalTests {
    private static let request = """
        apiVersion: reports.ers.dev/v1
        kind: ReportRequest
        metadata: {name: run}
        spec: {pipelineRef: {name: late}}

        """

    @Test(.mostlyWaiting) func missingPipelineIsWaitedForOneMinute() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.request)
            let waiting = try await scene.status(of: "run", "waiting") { $0.reason == Reason.pipelineNotFound }
            #expect(waiting.phase == .queued)
            #expect(waiting.message?.contains("no ReportPipeline \"late\"") ?? false, "\(waiting.message ?? "")")
            #expect(waiting.condition(.accepted)?.status == "False")

            let status = try await scene.end(of: "run", within: .seconds(150))
            #expect(status.phase == .failed)
            #expect(status.reason == Reason.pipelineNotFound)
            let waited = try #require(status.completedAt).seconds - #require(status.queuedAt).seconds
            #expect((60...65).contains(waited))
            #expect(try await scene.jobs().isEmpty)
        }
    }

    @Test(.besideOthers) func pipelineThatComesInTimeStartsTheRunAtOnce() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.request)
            try await scene.status(of: "run", "waiting") { $0.reason == Reason.pipelineNotFound }
            try await scene.apply(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportPipeline
                metadata: {name: late}
                spec: {stages: [\(Manifest.held("only"))]}
                """)
            try await scene.runningPod("only", of: "run")
            // What was agreed stays agreed.
            try await scene.kubectl("delete", "reportpipeline", "late")
            try await scene.release("only", of: "run")
            let status = try await scene.end(of: "run")
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            #expect(status.pipelineName == "late")
        }
    }
}
