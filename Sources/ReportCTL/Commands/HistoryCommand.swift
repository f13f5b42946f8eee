import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import ReportRecords
import ReportStores

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List reports from the record, the newest first: also those whose requests are long deleted.",
        discussion: """
            With a report's id (or the name of a request) it shows all of that one. Asks the gateway where its address is known \
            (--gateway, $REPORT_GATEWAY), which shows what you may see; else MongoDB, by the address in --mongodb-uri-file, \
            $MONGODB_URI, or the installation's Secret.

            For example: history --requester dana@example.com --since 30d -A
                         history --pipeline trial-balance --param period=2026-10
                         history tb-2026-10
            """)

    @Argument(
        help: "A report's id, or the name of its request. Default: a list.", completion: Completion.requests)
    var report: String?

    @Option(help: "Only those requested by this name or e-mail address.")
    var requester: String?

    @Option(help: "Only those of this pipeline.", completion: Completion.pipelines)
    var pipeline: String?

    @Option(
        name: [.customShort("p"), .long],
        help: ArgumentHelp(
            """
            Only those with this value of a parameter; several times: with all of them. One that was left out has its default.
            """, valueName: "name=value"))
    var param: [String] = []

    @Option(help: "Only those in this phase.", completion: .list(ReportRequestStatus.Phase.allCases.map(\.rawValue)))
    var phase: String?

    @Option(help: "Only those of this name.")
    var name: String?

    @Option(
        help: "Only those of this cluster, by its name (--cluster-name), or by the uid of its namespace kube-system.")
    var cluster: String?

    @Option(help: "Only those created since: \(TimeArgument.help).")
    var since: String?

    @Option(help: "Only those created before: \(TimeArgument.help).")
    var until: String?

    @Option(help: "Show at most N.")
    var limit = 50

    @OptionGroup var output: OutputOptions
    @OptionGroup var records: RecordOptions
    @OptionGroup var scope: ScopeOptions

    func validate() throws {
        try NameArgument.checkNotEmpty(report, "the report's id or name")
        try NameArgument.checkNotEmpty(requester, "--requester")
        try NameArgument.checkNotEmpty(pipeline, "--pipeline")
        try NameArgument.checkNotEmpty(name, "--name")
        try NameArgument.checkNotEmpty(cluster, "--cluster")
        guard limit > 0 else { throw ValidationError("--limit: must be 1 or more") }
        _ = try query(now: Timestamp(seconds: 0))
    }

    func run() async throws {
        let session = try scope.cluster.session()
        var query = try query(now: Timestamp(Date.now))
        query.namespace = scope.namespace(of: session)
        switch try await records.source(session) {
        case .store(let store):
            if let report { return try await show(report, session, store) }
            let page = try await session.explaining { [query, limit] in
                try await store.ask { store throws(StoreTrouble) in try await store.find(query, limit: limit) }
            }
            try show(page.records, hasMore: page.next != nil, session) {
                try Out.encoded(page.records, as: output.output ?? .json)
            }
        case .gateway(let records):
            if let report { return try await show(report, session, records) }
            let page = try await session.explaining { [query, limit] in try await records.find(query, limit: limit) }
            if let notice = page.notice { Out.hint("Warning: not all are shown: \(notice)") }
            try show(page.found.map(\.record), hasMore: page.hasMore, session) {
                try Out.value(.array(page.found.map(\.json)), as: output.output ?? .json)
            }
        }
    }

    /// `whole`: writes all that is known, for programs.
    private func show(_ found: [ReportRecord], hasMore: Bool, _ session: Session, whole: () throws -> Void) throws {
        switch output.output {
        case .json, .yaml: return try whole()
        case .name: return found.forEach { Out.line($0.uid.escapingControls()) }
        case .wide, nil: break
        }
        guard !found.isEmpty else {
            guard !isFiltered else {
                return Out.hint(
                    "No reports on record that match. All of them: \(scope.command("history", session: session))")
            }
            return Out.hint("No reports on record. Elsewhere: \(session.commandEverywhere("history"))")
        }
        let table = HistoryView.table(
            found, moments: .local, isWide: output.output == .wide, showsNamespace: scope.allNamespaces)
        Out.write(table.rendered(.standardOutput()))
        if hasMore { Out.hint("There are more: --limit \(limit * 10), or --until, --pipeline, …") }
    }

    private func show(_ report: String, _ session: Session, _ records: GatewayRecords) async throws {
        let found = try await session.explaining { [cluster] in
            try await records.record(report, namespace: session.namespace, cluster: cluster)
        }
        switch output.output {
        case .json, .yaml: return try Out.value(found.json, as: output.output ?? .json)
        case .name: return Out.line(found.record.uid.escapingControls())
        case .wide, nil: break
        }
        let terminal = Terminal.standardOutput()
        let description = Description(
            terminal: terminal, moments: .local, isWide: output.output == .wide, isRecord: true,
            asOf: found.json["asOf"]?.string, cluster: found.record.clusterName)
        for line in description.lines(ReportRequest(found.record), now: Timestamp(Date.now)) {
            Out.line(line.rendered(color: terminal.usesColor))
        }
        if found.record.phase == .succeeded { Out.hint("  rows: \(session.command("result", found.record.uid))") }
    }

    private func show(_ report: String, _ session: Session, _ store: ReportStore) async throws {
        let record = try await session.explaining {
            try await ReportLookup(store, namespace: session.namespace, cluster: cluster).record(report)
        }
        switch output.output {
        case .json, .yaml: return try Out.encoded(record, as: output.output ?? .json)
        case .name: return Out.line(record.uid.escapingControls())
        case .wide, nil: break
        }
        let terminal = Terminal.standardOutput()
        let result = try await session.explaining {
            try await store.ask { store throws(StoreTrouble) in try await store.result(of: record.uid) }
        }
        let copies = try await session.explaining {
            try await store.ask { store throws(StoreTrouble) in try await store.deliveries.copies(ofReport: record.uid)
            }
        }
        let description = Description(
            terminal: terminal, moments: .local, isWide: output.output == .wide, isRecord: true,
            asOf: result.map { AsOf.text(record, $0) }, cluster: record.clusterName,
            deliveries: KnownDelivery.ofLedger(copies.readable))
        for line in description.lines(ReportRequest(record), now: Timestamp(Date.now)) {
            Out.line(line.rendered(color: terminal.usesColor))
        }
        if let fault = copies.fault { Out.hint("  not all of its deliveries are shown: \(fault)") }
        if record.phase == .succeeded { Out.hint("  rows: \(session.command("result", record.uid))") }
    }

    /// Whether some may have been left out.
    var isFiltered: Bool {
        !param.isEmpty || [requester, pipeline, phase, name, cluster, since, until].contains { $0 != nil }
    }

    private func query(now: Timestamp) throws -> ReportQuery {
        var query = ReportQuery()
        query.pipeline = pipeline
        query.name = name
        query.cluster = cluster
        query.parameters = try parameters()
        if let requester {
            if SubmissionArguments.isAddress(requester) {
                query.requesterEmail = requester
            } else {
                query.requesterName = requester
            }
        }
        if let phase {
            query.phase = ReportRequestStatus.Phase.allCases.first { $0.rawValue.lowercased() == phase.lowercased() }
            guard query.phase != nil else {
                let known = ReportRequestStatus.Phase.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--phase: \"\(phase)\" is not one of \(known)")
            }
        }
        query.createdFrom = try moment(since, "--since", now)?.date
        query.createdBefore = try moment(until, "--until", now)?.date
        return query
    }

    /// In their canonical text, as the record has them: of one that takes several values a list.
    private func parameters() throws -> [String: String] {
        let given = try SubmissionArguments.parameters(param)
        for name in given.keys where name.contains(".") || name.contains("$") {
            throw ValidationError("--param: \"\(name)\" is not the name of a parameter")
        }
        return given.texts { $0.string ?? String(decoding: $0.jsonText, as: UTF8.self) }
    }

    private func moment(_ text: String?, _ option: String, _ now: Timestamp) throws -> Timestamp? {
        guard let text else { return nil }
        guard let moment = TimeArgument.moment(text, now: now, moments: .local) else {
            throw ValidationError("\(option): \"\(text)\" is not a time \(TimeArgument.help)")
        }
        return moment
    }
}
