import ArgumentParser
import Foundation
import KubernetesModel
import ReportPlanning
import Testing

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
        let findings = ManifestLint(namespace: "default", now: Timestamp(seconds: 1_790_000_000)).findings(manifests)
        let errors = findings.filter { $0.level == .error }
        // The same schedule stands in an overlay and in its base, say.
        let others = errors.filter {
            // MongoDB's roles lie beside the manifests.
            !$0.message.hasPrefix("metadata.name: there is another") && !$0.place.contains("mongodb/roles.json")
        }
        #expect(others == [], "\(errors)")
    }
}
