import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List report requests, the newest first.",
        discussion: "What has been deleted is in `history`.",
        aliases: ["ls"])

    @Option(help: "Only those of this pipeline.", completion: Completion.pipelines)
    var pipeline: String?

    @Option(help: "Only those in this phase.", completion: .list(ReportRequestStatus.Phase.allCases.map(\.rawValue)))
    var phase: String?

    @Option(help: "Only those that somebody of this name asked for.")
    var requester: String?

    @Flag(help: "Only those that aren't over.")
    var active = false

    @Option(name: [.customShort("l"), .long], help: "Only those with these labels, as kubectl takes it.")
    var selector: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func validate() throws {
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
            let list = try await Pages.whole(kind, namespace: namespace, selector: selector, session: session)
            return try Out.value(list.filtered(filter), as: output.output ?? .json)
        }
        var table = ServerTable(try await Pages.table(kind, namespace: namespace, selector: selector, session: session))
        table.keep(filter)
        table.sort()
        if output.output == .name {
            for row in table.rows { Out.line("reportrequest.\(ReportsAPI.group)/\(row.object?.metadata.name ?? "")") }
            return
        }
        guard !table.rows.isEmpty else {
            let place = namespace.map { " in namespace \($0)" } ?? ""
            return Out.hint(
                "No report requests found\(place). What can be asked for: \(session.command("pipelines"))")
        }
        let text = table.table(isWide: output.output == .wide, showsNamespace: scope.allNamespaces)
        Out.write(text.rendered(.standardOutput()))
    }

    private var filter: ServerTable.Filter {
        .init(pipeline: pipeline, phase: phase, requester: requester, active: active)
    }
}

/// Lists from their first page to their last.
enum Pages {
    static func table(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil, session: Session
    ) async throws -> [ResourceTable] {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var pages: [ResourceTable] = []
        repeat {
            let page = try await session.ask { client throws(KubernetesError) in
                try await client.table(kind, namespace: namespace, options: options)
            }
            options.continue = page.metadata?.continue
            pages.append(page)
        } while options.continue?.isEmpty == false
        return pages
    }

    /// A `List` with every item, as `kubectl get -o json` has it.
    static func whole(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil, session: Session
    ) async throws -> JSONValue {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var items: [JSONValue] = []
        repeat {
            let page = try await session.ask { client throws(KubernetesError) in
                try await client.wholeList(kind, namespace: namespace, options: options)
            }
            items += page["items"]?.array ?? []
            options.continue = page["metadata"]?["continue"]?.string
        } while options.continue?.isEmpty == false
        return .object([
            "apiVersion": .string("v1"), "kind": .string("List"), "items": .array(items.map(\.withoutManagedFields)),
        ])
    }

    static func items<Resource: KubernetesResource>(
        _ type: Resource.Type, namespace: String?, selector: String? = nil, session: Session
    ) async throws -> [Resource] {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var items: [Resource] = []
        repeat {
            let page = try await session.ask { client throws(KubernetesError) in
                try await client.list(type, namespace: namespace, options: options)
            }
            items += page.items
            options.continue = page.metadata.continue
        } while options.continue?.isEmpty == false
        return items
    }
}

extension JSONValue {
    /// As kubectl shows objects: who wrote which field is for machines.
    var withoutManagedFields: JSONValue {
        guard case .object(var members) = self, case .object(var metadata)? = members["metadata"] else { return self }
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    /// A `List` with the requests that a filter keeps.
    func filtered(_ filter: ServerTable.Filter) -> JSONValue {
        guard case .object(var list) = self, let items = list["items"]?.array else { return self }
        list["items"] = .array(
            items.filter { item in
                let phase = item["status"]?["phase"]?.string
                if let wanted = filter.pipeline, item["status"]?["pipelineName"]?.string != wanted { return false }
                if let wanted = filter.phase, phase?.lowercased() != wanted.lowercased() { return false }
                if let wanted = filter.requester, item["spec"]?["requester"]?["name"]?.string != wanted { return false }
                return !filter.active || phase.flatMap(ReportRequestStatus.Phase.init)?.isTerminal != true
            })
        return .object(list)
    }
}
