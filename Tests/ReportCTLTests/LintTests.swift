import ArgumentParser
import Foundation
import KubernetesModel
import ReportPlanning
import Testing
import YAMLCoding

@testable import ReportCTL

/// Files as they are read, and findings as they are written.
struct LintTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func eachDocumentHasItsPlace() throws {
        let text = """
            # a comment
            apiVersion: v1
            kind: ConfigMap
            ---
            apiVersion: reports.ers.dev/v1
            kind: ReportPipeline
            ---
            """
        let found = try LintFiles.documents(of: Data(text.utf8), named: "a.yaml").get()
        #expect(found.map(\.place) == ["a.yaml:2", "a.yaml:5"])
    }

    @Test func whatIsNotYAMLIsAFindingWithItsPlace() throws {
        guard case .failure(let failure) = LintFiles.documents(of: Data("a: [1\nb: 2".utf8), named: "a.yaml") else {
            return #expect(Bool(false))
        }
        #expect(failure.finding.level == .error)
        #expect(failure.finding.place.hasPrefix("a.yaml:") && failure.finding.subject == "YAML")
    }

    @Test func aLineIsAsCompilersWriteIt() {
        let finding = LintFinding(
            .error, place: "a.yaml:3", subject: "ReportPipeline x", message: "spec: is\u{1b} required")
        #expect(LintCommand.line(finding) == "a.yaml:3: error: ReportPipeline x: spec: is\\u{1b} required")
        #expect(LintCommand.summary([finding], of: 1) == "Checked 1 object: 1 error, 0 warnings.")
        #expect(LintCommand.summary([], of: 0) == "No report objects found: 0 errors, 0 warnings.")
    }

    @Test func aFileThatIsNotThereIsAnInvalidArgument() {
        let trouble = #expect(throws: Trouble.self) { try LintFiles.read(["/nowhere/a.yaml"]) }
        #expect(trouble?.code == .usage)
    }

    /// Those that people copy, and every manifest of the project.
    @Test func nothingIsWrongWithTheSamples() throws {
        let (manifests, unreadable) = try LintFiles.read([Self.root.appending(path: "manifests").path])
        #expect(unreadable == [])
        #expect(ManifestLint.objects(manifests).count > 10)
        let findings = ManifestLint(
            namespace: "default", now: Timestamp(seconds: 1_790_000_000), schemas: LintSchemas.all
        ).findings(manifests)
        let errors = findings.filter { $0.level == .error }
        // The same schedule stands in an overlay and in its base, say.
        let others = errors.filter {
            // MongoDB's roles lie beside the manifests.
            !$0.message.hasPrefix("metadata.name: there is another") && !$0.place.contains("mongodb/roles.json")
        }
        #expect(others == [], "\(errors)")
    }

    /// The program carries them; each of the kinds that it knows has one.
    @Test func theSchemasOfAllKindsAreCarried() {
        #expect(
            LintSchemas.all.keys.sorted() == [
                "ReportChannel", "ReportDelivery", "ReportPipeline", "ReportRequest", "ReportSchedule", "ReportTrigger",
            ])
    }

    /// A pattern that our matcher can't read would be passed over without a word.
    @Test func everyPatternOfTheSchemasCanBeHeldAgainstATextOfOurs() throws {
        var count = 0
        func look(_ value: JSONValue) throws {
            for (key, member) in value.object ?? [:] {
                if key == "pattern", let pattern = member.string {
                    _ = try TextPattern(pattern, maximumSteps: TextPattern.maximumTrustedSteps)
                    count += 1
                }
                try look(member)
            }
            for item in value.array ?? [] { try look(item) }
        }
        for name in ["pipelines", "requests", "schedules", "triggers", "channels", "deliveries"] {
            let file = Self.root.appending(path: "crds/report\(name).yaml")
            try look(try YAMLDecoder().decode(JSONValue.self, from: Data(contentsOf: file)))
        }
        #expect(count > 100)
    }

    /// Each of these the API server refuses, and nothing but the schema says so.
    @Test(
        arguments: [
            (
                "ReportPipeline", #"{"stages": [{"name": "a", "image": "b"}], "title": "\(long)"}"#,
                "spec.title: has 300 characters; at most 200 are allowed"
            ),
            (
                "ReportPipeline", #"{"stages": [{"name": "a", "image": "b", "env": [{"name": "A", "value": 5}]}]}"#,
                "spec.stages[0].env[0].value: 5 must be a string (quote it)"
            ),
            (
                "ReportSchedule",
                #"{"schedule": "@daily", "concurrencyPolicy": "Never", "request": {"spec": {"pipeline": {"stages": [{"name": "a", "image": "b"}]}}}}"#,
                #"spec.concurrencyPolicy: "Never" must be one of Allow, Forbid, Replace"#
            ),
            (
                "ReportRequest", #"{"pipeline": {"stages": [{"name": "a", "image": "b"}]}, "priority": 5000000000}"#,
                "spec.priority: 5000000000 is more than 1000"
            ),
            (
                "ReportRequest",
                #"{"pipeline": {"stages": [{"name": "a", "image": "b"}]}, "requester": {"email": "nobody"}}"#,
                #"spec.requester.email: "nobody" must match ^[^@\s]+@[^@\s]+$"#
            ),
        ])
    func whatOnlyTheSchemaRefusesIsSaidWithoutACluster(kind: String, spec: String, message: String) throws {
        let text = spec.replacing("\\(long)", with: String(repeating: "x", count: 300))
        let object = """
            {"apiVersion": "reports.ers.dev/v1", "kind": "\(kind)", "metadata": {"name": "a"}, "spec": \(text)}
            """
        let manifests = try LintFiles.documents(of: Data(object.utf8), named: "a.yaml").get()
        let findings = ManifestLint(
            namespace: "default", now: Timestamp(seconds: 1_790_000_000), schemas: LintSchemas.all
        ).findings(manifests)
        #expect(findings.map(\.message) == [message])
    }
}
