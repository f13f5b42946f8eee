import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// The sample as its documentation tells people to run it.
@Suite(.needsCluster, .besideOthers)
struct TrialBalanceTests {
    private let sample = LiveCluster.root.appendingPathComponent("manifests/samples/trial-balance").path

    @Test func everyAccountAgreesWithBeancountsOwnQueryTool() async throws {
        try await Scene.play { scene in
            try scene.startOperator()
            try await scene.kubectl("apply", "-k", sample)
            try await scene.kubectl("apply", "-f", "\(sample)/request.yaml")
            try await scene.kubectl(
                "wait", "--for=condition=Complete", "--timeout=180s", "reportrequest/tb-2026-10")

            let status = try await scene.end(of: "tb-2026-10")
            #expect(status.phase == .succeeded)
            #expect(status.stagePhases == [.succeeded, .succeeded, .succeeded])
            let table = try await scene.log("publish", of: status)
            let compared = try await Command.run(
                [
                    LiveCluster.root.appendingPathComponent("hack/lib/expected-trial-balance").path,
                    "example", "2026-10", "--compare", "-",
                ], input: table)
            let agreement = try #require(compared.firstMatch(of: /([0-9]+) balances of accounts agree/))
            #expect(try #require(Int(agreement.1)) > 20, "\(compared)")
        }
    }

    @Test func wrongBooksFailInTransformAndNothingIsPublished() async throws {
        try await Scene.play { scene in
            try scene.startOperator()
            try await scene.kubectl("apply", "-k", sample)
            try await scene.kubectl("apply", "-f", "\(sample)/request-broken.yaml")
            let status = try await scene.end(of: "tb-2026-10-broken", within: .seconds(180))

            #expect(status.phase == .failed)
            #expect(status.reason == Reason.stageFailed)
            #expect(status.stagePhases == [.succeeded, .failed, .skipped])
            #expect(status.stage("transform")?.exitCode == 65)
            #expect(status.stage("publish")?.job == nil)
            #expect(status.stage("publish")?.reason == Reason.dependencyFailed)
            let message = try #require(status.message)
            #expect(message.hasPrefix("transform failed: exit code 65: "), "\(message)")
            #expect(message.contains(/entry [0-9]+ of 20[0-9-]+ ".+" .*does not balance/), "\(message)")

            let stages = Set(try await scene.jobs().compactMap { $0.metadata.labels[ReportsAPI.Label.stage] })
            #expect(stages == ["extract", "transform"])
            #expect(try await scene.log("transform", of: status).contains("does not balance"))
            let claims = try await scene.cluster.client.list(PersistentVolumeClaim.self, namespace: scene.namespace)
            #expect(claims.items.count == 1)
        }
    }
}
