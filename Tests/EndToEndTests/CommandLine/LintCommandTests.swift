import ClusterSupport
import Foundation
import Testing

/// `reportctl lint` as CI runs it: by its exit code, without a cluster and with one.
@Suite(.needsCluster, .besideOthers)
struct LintCommandTests {
    private static let schedule = """
        apiVersion: reports.ers.dev/v1
        kind: ReportSchedule
        metadata: {name: monthly}
        spec:
          schedule: "0 6 1 * *"
          request: {spec: {pipelineRef: {name: books}, parameters: {period: "{month-1}"}}}

        """

    private static func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("lint-\(UUID().uuidString).yaml")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file.path)
    }

    @Test func itsExitCodeTellsGoodFilesFromFaultyAndUnreadableOnes() async throws {
        // No cluster is asked.
        var reportctl = ReportCTL()
        reportctl.environment = ["KUBECONFIG": "/nonexistent"]
        try await Self.withFile(SubmitTests.books + "---\n" + Self.schedule) { path in
            let good = try await reportctl.run("lint", path)
            #expect(good.status == 0, "\(good)")
            #expect(good.errors.contains("Checked 2 objects: 0 errors, 0 warnings."), "\(good)")
        }
        let circle = SubmitTests.pipeline(stages: "{name: a, image: i, dependsOn: [a]}")
        try await Self.withFile(circle + "---\n" + Self.schedule.replacing("period:", with: "month:")) { path in
            let faulty = try await reportctl.run("lint", path)
            #expect(faulty.status == 1, "\(faulty)")
            #expect(faulty.output.contains("\(path):1: error: ReportPipeline books: "), "\(faulty)")
            #expect(faulty.output.contains(/:\d+: error: ReportSchedule monthly: .*month/), "\(faulty)")
        }
        #expect(try await reportctl.run("lint", "/nonexistent/pipeline.yaml").status == 2)
        // Without its pipeline a schedule may be right, or not.
        try await Self.withFile(Self.schedule) { path in
            #expect(try await reportctl.run("lint", path).status == 0)
            let strict = try await reportctl.run("lint", "--strict", "-o", "json", path)
            let findings = try JSONSerialization.jsonObject(with: Data(strict.output.utf8)) as? [[String: String]]
            #expect(strict.status == 1 && findings?.count == 1, "\(strict)")
            #expect(findings?.first?["level"] == "warning" && findings?.first?["place"] == "\(path):1", "\(strict)")
            #expect(findings?.first?["subject"] == "ReportSchedule monthly", "\(strict)")
        }
    }

    @Test func aClusterAddsItsPipelinesAndItsAnswers() async throws {
        try await Scene.play { scene in
            let reportctl = ReportCTL(scene)
            try await Self.withFile(Self.schedule) { path in
                let unknown = try await reportctl.run("lint", "--server", path)
                #expect(unknown.output.contains("books"), "there is no such pipeline: \(unknown)")
                try await scene.apply(SubmitTests.books)
                let known = try await reportctl.run("lint", "--server", path)
                #expect(known.status == 0 && known.output.isEmpty, "\(known)")
            }
            try await Self.withFile(Self.schedule.replacing("name: monthly", with: "name: Monthly_1")) { path in
                let refused = try await reportctl.run("lint", "--server", path)
                #expect(refused.status == 1 && refused.output.contains("the server refuses it"), "\(refused)")
            }
            // Nothing was stored.
            #expect(try await scene.kubectl("get", "reportschedules", "-o", "name").isEmpty)
        }
        let kubeconfig = try Kubeconfig.withoutServer()
        defer { try? FileManager.default.removeItem(at: kubeconfig) }
        try await Self.withFile(Self.schedule) { path in
            let away = try await ReportCTL(place: ["--kubeconfig", kubeconfig.path]).run("lint", "--server", path)
            #expect(away.status == 4, "\(away)")
        }
    }
}
