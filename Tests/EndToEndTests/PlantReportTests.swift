import ClusterSupport
import Foundation
import KubernetesModel
import ReportAPI
import Testing

/// The samples about a plant as people run them. What the stages compute is compared, figure by figure, outside the
/// cluster (`hack/lib/samples/check-sample`); here the image, the pipelines and the operator have to bring it about.
@Suite(.needsCluster, .serialized, .besideOthers)
struct PlantReportTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let request: String
        /// A line of the printed table, with single spaces.
        let line: String
        let rows: Int

        var testDescription: String { name }
    }

    // These days and months are among those that are compared there.
    static let samples = [
        Sample(
            name: "mean-time-to-failure", request: "mttf-2026-10", line: "Bucket 3 1,095 75 2 14.60", rows: 35),
        Sample(
            name: "mean-time-to-repair", request: "mttr-2026-10", line: "L1 press-1 11 598 185 109 54.36 71.18",
            rows: 9),
        Sample(
            name: "daily-production", request: "production-2026-10-29",
            line: "L1 early 1,912 1,674 23 450 87 87.6 % 80.7 % 93.5 % 98.6 % 74.4 %", rows: 8),
    ]

    @Test(arguments: samples)
    func sampleSucceedsAndPublishesItsRows(_ sample: Sample) async throws {
        let folder = LiveCluster.root.appendingPathComponent("manifests/samples/\(sample.name)").path
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.createSampleSecrets()
            try await scene.kubectl("apply", "-k", folder)
            try await scene.kubectl("apply", "-f", "\(folder)/request.yaml")

            let status = try await scene.end(of: sample.request, within: .seconds(180))
            #expect(status.phase == .succeeded, "\(status.message ?? "")")
            #expect(status.stagePhases == [.succeeded, .succeeded, .succeeded])
            let log = try await scene.log("publish", of: status)
            let lines = log.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
            #expect(lines.contains(sample.line), "\(log)")
            #expect(lines.contains("publish: \(sample.rows) rows in MongoDB, in 1 buckets of attempt 1"), "\(log)")
        }
    }
}
