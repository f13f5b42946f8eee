import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportStores

struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show a report request, with a timeline of its stages and what was sent where.",
        discussion: """
            Where MongoDB's address is given, it also says as of when the report's source was read.

            For example: describe tb-2026-10 -n finance
            """,
        aliases: ["show", "get"])

    @Argument(help: "The request.", completion: Completion.requests)
    var name: String

    @OptionGroup var records: RecordOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(name, of: "request") }

    func run() async throws {
        let session = try cluster.session()
        let request = try await session.request(name)
        switch output.output {
        case .json, .yaml:
            let whole = try await session.whole(ReportRequest.resourceKind, name)
            try Out.value(whole, as: output.output ?? .json)
        case .name: Out.line("reportrequest.\(ReportsAPI.group)/\(name)")
        case .wide, nil:
            let terminal = Terminal.standardOutput()
            let description = Description(
                terminal: terminal, moments: .local, isWide: output.output == .wide, asOf: await asOf(request, session),
                deliveries: await deliveries(of: request, session))
            for line in description.lines(request, now: Timestamp(Date.now)) {
                Out.line(line.rendered(color: terminal.usesColor))
            }
            for line in NextSteps.lines(request, command: session.command) { Out.hint("  " + line) }
        }
    }

    /// Without it a request can be described all the same: where it can't be had, that is said.
    private func deliveries(of request: ReportRequest, _ session: Session) async -> [KnownDelivery] {
        do {
            return try await session.cluster.deliveries(of: request.reportID, namespace: session.namespace)
                .map { KnownDelivery($0) }
        } catch {
            // A cluster without the kind has no deliveries.
            guard case .api(let refusal) = error, !refusal.isNotFound else { return [] }
            Out.hint("  what was sent where can't be looked at: \(refusal.message)")
            return []
        }
    }

    private func asOf(_ request: ReportRequest, _ session: Session) async -> String? {
        if let status = request.status, let known = AsOf.text(status) { return known }
        guard records.isAddressGiven, request.status?.phase == .succeeded else { return nil }
        do {
            let store = try await records.store(session)
            let (record, result) = try await session.explaining {
                try await store.ask { store throws(StoreTrouble) in
                    (try await store.record(uid: request.reportID), try await store.result(of: request.reportID))
                }
            }
            guard let record, let result else { return nil }
            return AsOf.text(record, result)
        } catch {
            Out.hint("  as of when isn't known: \((error as? Trouble)?.message ?? "\(error)")")
            return nil
        }
    }
}
