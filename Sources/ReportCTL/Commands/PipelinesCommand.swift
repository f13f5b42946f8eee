import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

struct PipelinesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipelines",
        abstract: "List the reports that can be asked for, with their parameters; or show one.",
        discussion: """
            For example: pipelines
                         pipelines trial-balance
            """,
        aliases: ["pipeline"])

    @Argument(help: "The pipeline. Default: all of them.", completion: Completion.pipelines)
    var name: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func validate() throws {
        try scope.refuse(beside: name)
        try NameArgument.check(name, of: "pipeline")
    }

    func run() async throws {
        let session = try scope.cluster.session()
        let namespace = scope.namespace(of: session)
        if output.output == .json || output.output == .yaml {
            let value = try await whole(session, namespace)
            return try Out.value(value, as: output.output ?? .json)
        }
        let terminal = Terminal.standardOutput()
        if let name {
            let pipeline = try await session.pipeline(name)
            if output.output == .name { return Out.line("reportpipeline.\(ReportsAPI.group)/\(name)") }
            for line in PipelineView.details(pipeline) { Out.line(line.rendered(color: terminal.usesColor)) }
            return Out.hint("\nAsk for it: \(session.command(PipelineView.example(pipeline)))")
        }
        let pipelines = try await session.explaining {
            try await session.cluster.items(ReportPipeline.self, namespace: namespace)
        }
        if output.output == .name {
            return pipelines.forEach { Out.line("reportpipeline.\(ReportsAPI.group)/\($0.metadata.name)") }
        }
        guard !pipelines.isEmpty else {
            return Out.hint(
                "No report pipelines found\(namespace.map { " in namespace \($0)" } ?? ""). "
                    + "Elsewhere: \(session.commandEverywhere("pipelines"))")
        }
        let table = PipelineView.table(
            pipelines.sorted { $0.key < $1.key }, now: Timestamp(Date.now), isWide: output.output == .wide,
            showsNamespace: scope.allNamespaces)
        Out.write(table.rendered(terminal))
    }

    private func whole(_ session: Session, _ namespace: String?) async throws -> JSONValue {
        let kind = ReportPipeline.resourceKind
        guard let name else {
            return try await session.explaining { try await session.cluster.wholeList(kind, namespace: namespace) }
        }
        _ = try await session.pipeline(name)
        return try await session.whole(kind, name)
    }
}
