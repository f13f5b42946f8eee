import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import ReportRecords

struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List what was sent where, the newest first; or all deliveries of one report, with each recipient.",
        discussion: """
            Of one report it also shows what MongoDB keeps of deliveries whose resources are gone, where it can be asked.

            For example: deliveries -n finance
                         deliveries tb-2026-10
                         deliveries 5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11 -o wide
            """,
        aliases: ["delivery"])

    @Argument(
        help: "The name of a request, a report's id, or a delivery. Default: all deliveries.",
        completion: Completion.reports)
    var report: String?

    @OptionGroup var records: RecordOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func validate() throws {
        try scope.refuse(beside: report)
        try NameArgument.checkNotEmpty(report, "the report's id or name")
    }

    func run() async throws {
        let session = try scope.cluster.session()
        if let report { return try await show(report, session) }
        let namespace = scope.namespace(of: session)
        if output.output == .json || output.output == .yaml {
            let list = try await session.explaining {
                try await session.cluster.wholeList(ReportDelivery.resourceKind, namespace: namespace)
            }
            return try Out.value(list, as: output.output ?? .json)
        }
        let deliveries = try await session.explaining { try await session.cluster.deliveries(namespace: namespace) }
        if output.output == .name { return Self.printNames(deliveries) }
        guard !deliveries.isEmpty else {
            let place = namespace.map { " in namespace \($0)" } ?? ""
            return Out.hint(
                "No deliveries found\(place). Elsewhere: \(session.commandEverywhere("deliveries")). Send a report: "
                    + session.command("resend", "REPORT"))
        }
        // The operator's bear no name of a report: their ids are what they go by.
        let names = await requestNames(session, namespace)
        let known = deliveries.map { delivery in
            var delivery = KnownDelivery(delivery)
            delivery.reportName = delivery.reportName ?? names[delivery.reportID]
            return delivery
        }
        write(
            DeliveryView.now.table(
                known, isWide: output.output == .wide, showsNamespace: scope.allNamespaces))
    }

    /// By their uids; none where requests can't be looked at.
    private func requestNames(_ session: Session, _ namespace: String?) async -> [String: String] {
        let pages = try? await session.cluster.tables(ReportRequest.resourceKind, namespace: namespace)
        let requests = (pages ?? []).flatMap(\.rows).compactMap { $0.object?.metadata }
        return Dictionary(requests.map { ($0.uid, $0.name) }) { first, _ in first }
    }

    private func show(_ report: String, _ session: Session) async throws {
        var found = try await NamedReport.find(
            report, session, isNamespaceGiven: scope.cluster.namespace != nil
        ) { try await records.record($0, session) }
        let wanted = found.delivery.map { [$0] } ?? found.deliveries
        switch output.output {
        case .json, .yaml:
            let whole = try await session.explaining {
                try await session.cluster.wholeList(ReportDelivery.resourceKind, namespace: found.namespace)
            }
            let list = whole.keepingItems(named: Set(wanted.map(\.metadata.name)))
            return try Out.value(list, as: output.output ?? .json)
        case .name: return Self.printNames(wanted)
        case .wide, nil: break
        }
        let again = session.command("resend", found.request?.metadata.name ?? found.id)
        var unasked: Trouble?
        switch await records.ledger(of: found.id, session) {
        case .success(let copies): found.ledger = copies
        case .failure(let trouble): unasked = trouble
        }
        let known = found.known.filter { found.delivery == nil || $0.name == found.delivery?.metadata.name }
        if let unasked {
            Out.hint("  those whose resources are gone aren't shown, as the record can't be asked: \(unasked.message)")
        }
        if let fault = found.ledger?.fault { Out.hint("  what is kept isn't shown whole: \(fault)") }
        guard !known.isEmpty else {
            return Out.hint("No deliveries of \(found.title) found. Send it: \(again)")
        }
        write(
            DeliveryView.now.table(
                known, isWide: output.output == .wide, showsNamespace: false, showsReport: false))
        let terminal = Terminal.standardOutput()
        let recipients = DeliveryView.now.recipients(known)
        for line in recipients.isEmpty ? [] : [""] + recipients { Out.line(line.rendered(color: terminal.usesColor)) }
        if found.request?.status?.phase ?? found.record?.phase ?? .succeeded == .succeeded,
            known.contains(where: { $0.isOver && $0.phase != .delivered })
        {
            Out.hint("  send it to those who lack it: \(again) --only-missing")
        }
    }

    private func write(_ table: TextTable) {
        var table = table
        let terminal = Terminal.standardOutput()
        if terminal.isInteractive { table.fit([table.columns.count - 1], to: terminal.width) }
        Out.write(table.rendered(terminal))
    }

    private static func printNames(_ deliveries: [ReportDelivery]) {
        for delivery in deliveries { Out.line("reportdelivery.\(ReportsAPI.group)/\(delivery.metadata.name)") }
    }
}

extension DeliveryView {
    static var now: DeliveryView { DeliveryView(now: Timestamp(Date.now), moments: .local) }
}

extension JSONValue {
    /// A `List` with the items of those names.
    func keepingItems(named names: Set<String>) -> JSONValue {
        guard case .object(var list) = self, let items = list["items"]?.array else { return self }
        list["items"] = .array(
            items.filter { names.contains($0["metadata"]?["name"]?.string ?? "") })
        return .object(list)
    }
}
