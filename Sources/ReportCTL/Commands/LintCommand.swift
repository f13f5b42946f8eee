import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import ZoneFiles

struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check manifests before they are applied.",
        discussion: """
            Says of pipelines, requests, schedules, triggers, channels and deliveries what the operator would say of them, and \
            which fields a cluster would drop. Requests, schedules and triggers are checked against the pipelines of the same \
            files; with --server also against the cluster's, and the API server checks each object without storing it. Objects of other \
            kinds are left alone.

            Exits with 0 if nothing is wrong, with 1 if there are errors (with --strict: or warnings), with 2 if a file can't \
            be read, with 4 if the server can't be asked.

            For example: lint pipeline.yaml schedules/
                         kustomize build . | reportctl lint - --server -n finance
            """)

    @Argument(
        help: "YAML or JSON, with any number of documents; a folder, for all that is in it; or - for standard input.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var files: [String]

    @Flag(help: "Ask the cluster too: its pipelines, and a dry run of each object.")
    var server = false

    @Flag(help: "Count warnings as errors.")
    var strict = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        for file in files { try NameArgument.checkNotEmpty(file, "the name of a file") }
        if output.output == .wide || output.output == .name {
            throw ValidationError("--output: lint writes lines for people, json or yaml")
        }
    }

    func run() async throws {
        let (manifests, unreadable) = try LintFiles.read(files)
        var findings = unreadable
        if server {
            let session = try cluster.session()
            findings += try await ServerLint(session: session).findings(manifests, lint: lint)
        } else {
            findings += lint(namespace: cluster.namespace ?? "default", [:], knowsAll: false).findings(manifests)
        }
        let count = ManifestLint.objects(manifests).count
        switch output.output {
        case .json, .yaml: try Out.encoded(findings, as: output.output ?? .json)
        case .wide, .name, nil:
            for finding in findings { Out.line(Self.line(finding)) }
            Out.hint(Self.summary(findings, of: count))
        }
        let isBad = findings.contains { $0.level == .error || strict }
        if isBad { throw ExitCode.failed }
    }

    private func lint(namespace: String, _ known: [ObjectKey: ReportPipeline], knowsAll: Bool) -> ManifestLint {
        let zones = ZoneFiles()
        return ManifestLint(
            namespace: namespace, known: known, knowsAll: knowsAll, now: Timestamp(Date.now),
            schemas: LintSchemas.all, zoneFault: zones.fault)
    }

    /// As compilers write it, so that editors find the place.
    static func line(_ finding: LintFinding) -> String {
        "\(finding.place): \(finding.level.rawValue): \(finding.subject): \(finding.message)"
            .escapingControls()
    }

    static func summary(_ findings: [LintFinding], of count: Int) -> String {
        func number(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        let errors = findings.count { $0.level == .error }
        let objects = count == 0 ? "No report objects found" : "Checked \(number(count, "object"))"
        return "\(objects): \(number(errors, "error")), \(number(findings.count - errors, "warning"))."
    }
}
