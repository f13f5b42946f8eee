import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List report requests, the newest first.",
        discussion: """
            What has been deleted is in `history`.

            For example: list --active
                         list --pipeline trial-balance -n finance
            """,
        aliases: ["ls"])

    @Option(help: "Only those of this pipeline.", completion: Completion.pipelines)
    var pipeline: String?

    @Option(help: "Only those in this phase.", completion: .list(ReportRequestStatus.Phase.allCases.map(\.rawValue)))
    var phase: String?

    @Option(help: "Only those requested by this name.")
    var requester: String?

    @Flag(help: "Only those that haven't finished.")
    var active = false

    @Option(name: [.customShort("l"), .long], help: "Only those with these labels, as kubectl takes it.")
    var selector: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func validate() throws {
        try NameArgument.checkNotEmpty(pipeline, "--pipeline")
        try NameArgument.checkNotEmpty(requester, "--requester")
        if let phase,
            !ReportRequestStatus.Phase.allCases.contains(where: { $0.rawValue.lowercased() == phase.lowercased() })
        {
            let known = ReportRequestStatus.Phase.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--phase: \"\(phase)\" is not one of \(known)")
        }
    }

    func run() async throws {
        let session = try scope.cluster.session()
        let namespace = scope.namespace(of: session)
        let kind = ReportRequest.resourceKind
        if output.output == .json || output.output == .yaml {
            let list = try await session.explaining {
                try await session.cluster.wholeList(kind, namespace: namespace, selector: selector)
            }
            return try Out.value(list.filtered(filter), as: output.output ?? .json)
        }
        let pages = try await session.explaining {
            try await session.cluster.tables(kind, namespace: namespace, selector: selector)
        }
        var table = ServerTable(pages)
        table.keep(filter)
        table.sort()
        if output.output == .name {
            for row in table.rows { Out.line("reportrequest.\(ReportsAPI.group)/\(row.object?.metadata.name ?? "")") }
            return
        }
        guard !table.rows.isEmpty else {
            let place = namespace.map { " in namespace \($0)" } ?? ""
            guard !isFiltered else {
                return Out.hint(
                    "No report requests\(place) that match. All of them: \(scope.command("list", session: session))")
            }
            return Out.hint(
                "No report requests found\(place). What can be asked for: \(session.command("pipelines"))")
        }
        let text = table.table(isWide: output.output == .wide, showsNamespace: scope.allNamespaces)
        Out.write(text.rendered(.standardOutput()))
    }

    /// Whether some may have been left out.
    var isFiltered: Bool { active || [pipeline, phase, requester, selector].contains { $0 != nil } }

    private var filter: RequestFilter {
        .init(pipeline: pipeline, phase: phase, requester: requester, active: active)
    }
}
