import ClusterSupport
import Foundation
import KubernetesModel
import ReportAPI
import Testing

/// What the API server knows of the resources by itself.
@Suite struct SchemaTests {
    struct BadManifest: CustomTestStringConvertible, Sendable {
        let fault: String
        let kind: String
        let spec: String
        /// What the message must say, upper or lower case.
        let words: [String]

        var testDescription: String { fault }

        init(_ fault: String, pipeline spec: String, _ words: String...) {
            (self.fault, kind, self.spec, self.words) = (fault, "ReportPipeline", spec, words)
        }

        init(_ fault: String, request spec: String, _ words: String...) {
            (self.fault, kind, self.spec, self.words) = (fault, "ReportRequest", spec, words)
        }
    }

    static let stage = "stages: [{name: a, image: b}]"

    @Test(arguments: [
        BadManifest("no stages", pipeline: "{title: Empty}", "stages", "required"),
        BadManifest("an empty list of stages", pipeline: "{stages: []}", "stages", "at least 1"),
        BadManifest("a stage's name", pipeline: "{stages: [{name: Extract, image: b}]}", "name", "match"),
        BadManifest("no image", pipeline: "{stages: [{name: a}]}", "image", "required"),
        BadManifest("twins", pipeline: "{stages: [{name: a, image: b}, {name: a, image: c}]}", "duplicate", "stages"),
        BadManifest(
            "a parameter's type", pipeline: "{parameters: [{name: p, type: text}], \(stage)}", "type", "month"),
        BadManifest(
            "the limit", pipeline: "{concurrency: {limit: 0}, \(stage)}", "limit", "greater than or equal to 1"),
        BadManifest("the scope", pipeline: "{concurrency: {scope: World}, \(stage)}", "scope", "Shared"),
        BadManifest("a timeout", pipeline: "{timeout: 10 minutes, \(stage)}", "timeout"),
        BadManifest("retries", pipeline: "{stages: [{name: a, image: b, retries: 11}]}", "retries", "10"),
        BadManifest("the workspace", pipeline: "{workspace: {size: big}, \(stage)}", "size", "match"),
        BadManifest("a locale", pipeline: "{report: {locale: de}, \(stage)}", "locale", "de-DE"),
        BadManifest("a total", pipeline: "{report: {columns: [{name: a, total: avg}]}, \(stage)}", "total", "sum"),
        BadManifest(
            "a column twice", pipeline: "{report: {columns: [{name: a}, {name: a}]}, \(stage)}", "duplicate", "columns"),
        BadManifest("a width", pipeline: "{report: {columns: [{name: a, width: 0}]}, \(stage)}", "width", "1"),
        BadManifest(
            "a chart of nothing", pipeline: "{report: {charts: [{type: bar, x: a, series: []}]}, \(stage)}", "series"),
        BadManifest("a page", pipeline: "{report: {page: {size: B5}}, \(stage)}", "size", "Letter"),
        BadManifest("an address", request: "{pipelineRef: {name: p}, requester: {email: dana}}", "email"),
        BadManifest("a format", request: "{pipelineRef: {name: p}, output: {formats: [docx]}}", "formats", "xlsx"),
        BadManifest("a priority in words", request: "{pipelineRef: {name: p}, priority: high}", "priority", "integer"),
        BadManifest("a list of parameters", request: "{pipelineRef: {name: p}, parameters: [1]}", "parameters"),
        BadManifest("no attempt", request: "{pipelineRef: {name: p}, attempt: 0}", "attempt", "1"),
    ])
    func applyRefuses(_ bad: BadManifest) async throws {
        let cluster = try LiveCluster()
        let result = try await cluster.kubectlResult(
            ["apply", "-n", "default", "-f", "-"],
            input: """
                apiVersion: reports.ers.dev/v1
                kind: \(bad.kind)
                metadata: {name: bad}
                spec: \(bad.spec)
                """)
        #expect(result.status != 0)
        for word in bad.words {
            #expect(result.errors.lowercased().contains(word.lowercased()), "\(result.errors)")
        }
    }

    @Test func theSamplesAndTheResourcesNamesAreKnown() async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            let samples = LiveCluster.root.appendingPathComponent("manifests/samples/trial-balance").path
            for file in ["pipeline.yaml", "request.yaml", "request-broken.yaml"] {
                try await cluster.kubectl("apply", "-n", namespace, "-f", "\(samples)/\(file)")
            }
            let pipelines = try await cluster.kubectl("get", "rpl", "-n", namespace, "-o", "name")
            let requests = try await cluster.kubectl("get", "rr", "-n", namespace, "-o", "name")
            #expect(!pipelines.isEmpty && !requests.isEmpty)
            let all = try await cluster.kubectl("get", "reports", "-n", namespace, "-o", "name")
            let names = { (text: String) in Set(text.split(separator: "\n")) }
            #expect(names(all) == names(pipelines + requests))
        }
    }

    @Test func explainTellsWhatAFieldIsFor() async throws {
        let text = try await LiveCluster().kubectl("explain", "rr.spec.parameters")
        #expect(text.contains("Values for the pipeline's parameters"))
        let stage = try await LiveCluster().kubectl("explain", "rpl.spec.stages.dependsOn")
        #expect(stage.contains("must have succeeded"))
    }

    @Test func getShowsHowFarARunIs() async throws {
        try await TestBed.run(fate: { $0.stage == "two" ? .runs : .succeeds }) { bed in
            try await bed.createPipeline(stages: ["one", "two"])
            try await bed.createRequest("tb-2026-10", more: "{requester: {name: Dana}}")
            try await bed.pod(of: "two", request: "tb-2026-10")
            let request = try await bed.wait(for: "tb-2026-10", "two runs") { $0.stage("two")?.phase == .running }
            func table(_ more: String...) async throws -> [[String]] {
                let text = try await Command.run(["kubectl", "get", "rr", "-n", bed.namespace] + more)
                return text.split(separator: "\n").map { line in
                    // Columns are three spaces apart; a cell such as "2/2 two" has one.
                    line.replacing("   ", with: "\t").split(separator: "\t")
                        .map { $0.trimmingPrefix { $0 == " " } }.map(String.init).filter { !$0.isEmpty }
                }
            }
            let plain = try await table()
            #expect(
                plain.first == [
                    "NAME", "PIPELINE", "PERIOD", "PHASE", "STAGE", "STARTED", "DURATION", "DELIVERED", "AGE",
                ])
            #expect(plain.last?.prefix(4) == ["tb-2026-10", "report", "Running", "2/2 two"])
            let wide = try await table("-o", "wide")
            #expect(wide.first?.suffix(3) == ["REASON", "REQUESTER", "REPORT-ID"])
            #expect(wide.last?.suffix(3) == ["StageRunning", "Dana", request.metadata.uid])
        }
    }
}
