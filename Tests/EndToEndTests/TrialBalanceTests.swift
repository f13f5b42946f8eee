import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// The sample as its documentation tells people to run it. One test at a time: all runs share one staging area, and a
/// pipeline keeps only those of its namespace apart.
@Suite(.needsCluster, .serialized, .besideOthers)
struct TrialBalanceTests {
    let sample = LiveCluster.root.appendingPathComponent("manifests/samples/trial-balance").path

    @Test func everyAccountAgreesWithBeancountsOwnQueryTool() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.createSampleSecrets()
            try await scene.kubectl("apply", "-k", sample)
            try await scene.kubectl("apply", "-f", "\(sample)/request.yaml")
            try await scene.kubectl(
                "wait", "--for=condition=Complete", "--timeout=180s", "reportrequest/tb-2026-10")

            let status = try await scene.end(of: "tb-2026-10")
            #expect(status.phase == .succeeded)
            #expect(status.stagePhases == [.succeeded, .succeeded, .succeeded])
            let table = try await scene.log("publish", of: status)
            try await expectAgreement(table, "2026-10")
            #expect(table.contains(/[0-9]+ rows in MongoDB, in 1 buckets of attempt 1/), "\(table.suffix(200))")
        }
    }

    @Test func twoMonthsAskedForAtOnceTakeTurnsInTheWarehouseAndAreBothRight() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.createSampleSecrets()
            try await scene.kubectl("apply", "-k", sample)
            let months = ["2026-09", "2020-12"]
            try await scene.apply(
                months.map { month in
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportRequest
                    metadata: {name: tb-\(month)}
                    spec: {pipelineRef: {name: trial-balance}, parameters: {period: "\(month)"}}

                    """
                }.joined(separator: "---\n"))
            for month in months {
                let status = try await scene.end(of: "tb-\(month)", within: .seconds(180))
                #expect(status.phase == .succeeded, "\(status.message ?? "")")
                try await expectAgreement(try await scene.log("publish", of: status), month)
            }
        }
    }

    /// Every account of the printed table, to the cent.
    private func expectAgreement(_ table: String, _ month: String) async throws {
        let compared = try await Command.run(
            [
                LiveCluster.root.appendingPathComponent("hack/lib/samples/expected-trial-balance").path,
                "example", month, "--compare", "-",
            ], input: table)
        let agreement = try #require(compared.firstMatch(of: /([0-9]+) balances of accounts agree/))
        #expect(try #require(Int(agreement.1)) > 20, "\(compared)")
    }

    @Test func wrongBooksFailInTransformAndNothingIsPublished() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.createSampleSecrets()
            try await scene.kubectl("apply", "-k", sample)
            try await scene.kubectl("apply", "-f", "\(sample)/request-broken.yaml")
            let status = try await scene.end(of: "tb-2026-10-broken", within: .seconds(180))

            #expect(status.phase == .failed)
            #expect(status.reason == Reason.stageFailed)
            #expect(status.stagePhases == [.succeeded, .failed, .skipped])
            #expect(status.stage("transform")?.exitCode == 65)
            #expect(status.stage("publish")?.job == nil)
            #expect(status.stage("publish")?.reason == Reason.dependencyFailed)
            let message = try #require(status.explanation)
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
