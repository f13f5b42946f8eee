import ArgumentParser
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import ReportRecords
import ReportStores

struct ResendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract:
            "Send a report again, or to somebody else: however long ago it was made, and without running it again.",
        discussion: """
            Without --channel and --to it goes where it went first; a report that went nowhere goes to its requester, \
            through the default channel of type Mail. A format that there is no file of yet is made from the stored rows. \
            Where the request is gone, its id is enough if the record can be read, or -n names its namespace.

            For example: resend tb-2026-10 --to audit@example.com --format pdf
                         resend tb-2026-10 --only-missing --wait
                         resend 5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11 -n finance --channel mail --to dana@example.com
            """,
        aliases: ["send"])

    @Argument(
        help: "The name of a request, a report's id, or the delivery to repeat.", completion: Completion.reports)
    var report: String

    @Option(help: "Whom to send it to: an e-mail address. May be given several times, or with commas.")
    var to: [String] = []

    @Option(help: "The channel. Default: the one that the report went through.", completion: Completion.channels)
    var channel: String?

    @Option(
        help: """
            Which files: \(OutputFormat.list). May be given several times, or with commas. Default: those of the first \
            delivery, else those that the request wanted.
            """, completion: .list(OutputFormat.allCases.map(\.rawValue)))
    var format: [String] = []

    @Option(help: "The mail's subject, or the message's title; {period} stands for a parameter's value.")
    var subject: String?

    @Option(help: "What the message says before the report.")
    var text: String?

    @Flag(help: "Only to those who haven't got it: of --to, or of everyone whom that channel sent it to.")
    var onlyMissing = false

    @Flag(help: "With --only-missing: also to those of whom it isn't known whether they have it.")
    var alsoUnknown = false

    @Flag(name: .shortAndLong, help: "Wait until it is delivered. Exits with 1 if it couldn't be, or not to everyone.")
    var wait = false

    @OptionGroup var courier: CourierOptions
    @OptionGroup var records: RecordOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        try NameArgument.checkNotEmpty(report, "the report's id or name")
        if let channel, !NameForm.isSubdomain(channel) {
            throw ValidationError("--channel: \(NameArgument.fault(channel, "channel")); \(NameArgument.form)")
        }
        if alsoUnknown, !onlyMissing { throw ValidationError("--also-unknown is for --only-missing; give both") }
        let faults = DeliverArgument.faults(in: DeliverSpec(channel: channel ?? "any", wish), channel: nil)
        if !faults.isEmpty { throw ValidationError(faults.joined(separator: "\n")) }
    }

    private var wish: Resend.Wish {
        var wish = Resend.Wish()
        wish.to = DeliverArgument.list(to)
        wish.channel = channel
        wish.formats = DeliverArgument.list(format)
        wish.subject = subject
        wish.text = text
        wish.isOnlyMissing = onlyMissing
        wish.includesUnknown = alsoUnknown
        return wish
    }

    func run() async throws {
        let session = try cluster.session()
        var found = try await NamedReport.find(report, session, isNamespaceGiven: cluster.namespace != nil) {
            try await records.record($0, session)
        }
        try refuseWithoutReport(found, session)
        if let record = found.record { try await refuseOffloaded(record, session) }
        // Needed where resources may be gone: for who lacks it, and for where it went.
        if onlyMissing || found.deliveries.isEmpty {
            switch await records.ledger(of: found.id, session) {
            case .success(let copies): found.ledger = copies
            case .failure(let trouble) where onlyMissing:
                Out.hint(
                    "  only deliveries that are still in the cluster are looked at, as the record can't be asked: "
                        + trouble.message)
            case .failure: break
            }
        }
        let resending = Resending(session: session, courierNamespace: courier.courierNamespace, report: found)
        guard let resend = try await resending.plan(wish) else { return }
        let delivery = try await resending.create(resend)
        let name = delivery.metadata.name
        switch output.output {
        case .json, .yaml:
            let whole = try await session.explaining {
                try await ReportCluster(client: session.cluster.client, namespace: found.namespace)
                    .whole(ReportDelivery.resourceKind, name)
            }
            try Out.value(whole, as: output.output ?? .json)
        case .name: Out.line("reportdelivery.\(ReportsAPI.group)/\(name)")
        case .wide, nil:
            Out.line("reportdelivery.\(ReportsAPI.group)/\(name) created")
            Resending.lines(resend).forEach { Out.hint("  " + $0) }
        }
        let look = session.command("deliveries", name, in: found.namespace)
        guard wait else {
            if output.output == nil { Out.hint("  what becomes of it: \(look)") }
            return
        }
        try await DeliveryEnd.wait(for: delivery, session: session, look: look)
    }

    /// Where the record could be read; else the courier finds out, and the delivery ends with that.
    private func refuseOffloaded(_ record: ReportRecord, _ session: Session) async throws {
        let store = try await records.store(session, followsChanges: true)
        let result = try await session.explaining {
            try await store.ask { store throws(StoreTrouble) in try await store.result(of: record.uid) }
        }
        if let result { _ = try await session.atHand(result, of: record, store) }
    }

    /// Of a run that didn't succeed there is nothing to send.
    private func refuseWithoutReport(_ found: NamedReport, _ session: Session) throws {
        let phase = found.request.map { $0.status?.phase } ?? found.record.map(\.phase)
        guard found.request != nil || found.record != nil, phase != .succeeded else { return }
        if let request = found.request, request.isRestored { return }
        throw Trouble(
            "\(found.title) has no report to send: it is \(phase?.rawValue ?? "not begun yet")",
            advice: phase?.isTerminal == true
                ? [session.command("describe", found.title)] : [session.command("watch", found.title)])
    }
}
