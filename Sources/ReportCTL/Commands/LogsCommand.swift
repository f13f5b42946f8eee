import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import ReportRecords
import ReportStores

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the logs of a run's stages.",
        discussion: """
            Of all stages in their order, each line behind its stage's name, or of one. With -f it goes on with the run, \
            from stage to stage, and ends with the run's exit code. Where the pods are gone, it shows the last 64 KiB that \
            are kept of each stage with the record in MongoDB.

            For example: logs tb-2026-10 -f
                         logs tb-2026-10 extract --tail 20
            """)

    @Argument(help: "The request.", completion: Completion.requests)
    var name: String

    @Argument(help: "The stage. Default: all of them.")
    var stage: String?

    @Flag(name: .shortAndLong, help: "Go on until the run, or the stage, is over.")
    var follow = false

    @Option(help: "Show the last N lines of each log.")
    var tail: Int?

    @Flag(help: "Begin each line with the time it was written.")
    var timestamps = false

    @OptionGroup var records: RecordOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        try NameArgument.check(name, of: "request")
        if let stage, !NameForm.isLabel(stage) { throw ValidationError(NameArgument.fault(stage, "stage")) }
        if let tail, tail < 0 { throw ValidationError("--tail: must not be negative") }
        if follow, tail != nil || timestamps {
            throw ValidationError("--follow shows whole logs: leave --tail and --timestamps out")
        }
    }

    func run() async throws {
        let session = try cluster.session()
        let request = try await request(session)
        if let stage, let stages = request.status?.stages, !stages.contains(where: { $0.name == stage }) {
            throw Trouble(
                "\(name) has no stage \"\(stage)\"; it has \(stages.map(\.name).joined(separator: ", "))",
                advice: [session.command("describe", name)], code: .usage)
        }
        let terminal = Terminal.standardOutput()
        guard follow else { return try await printAll(of: request, session, terminal) }
        let attempt = request.spec.value?.attempt ?? 1
        let outcome = try await RunView.follow(
            request, attempt: attempt, as: .logs(stage: stage), session: session, terminal: terminal)
        // A stage may be over while the run goes on.
        if case .finished(let status, _) = outcome, !status.isTerminal { return }
        try RunEnd.conclude(outcome, name, session: session, terminal: terminal)
    }

    /// One that is gone is known from the record, as far as that can be asked.
    private func request(_ session: Session) async throws -> ReportRequest {
        do { return try await session.request(name) } catch {
            guard !follow, let store = try? await records.store(session),
                let record = try? await ReportLookup(store, namespace: session.namespace).record(name)
            else { throw error }
            return ReportRequest(record)
        }
    }

    private func printAll(of request: ReportRequest, _ session: Session, _ terminal: Terminal) async throws {
        let pods = try await session.explaining { try await session.cluster.pods(of: request) }
        var kept = KeptLogs(request, pods: pods, stage: stage)
        let trouble = kept.isNeeded ? await fetch(&kept, of: request, session) : nil
        var order = LogOrder(request.status?.accepted?.pipeline.stages ?? [])
        let wanted = pods.filter { pod in stage.map { pod.metadata.labels[ReportsAPI.Label.stage] == $0 } ?? true }
        var printed = 0
        while case let next = order.next(wanted + kept.pods), !next.isEmpty {
            for pod in next {
                let printer = LogPrinter(pod, request, terminal: terminal, isAlone: stage != nil)
                if try await print(pod, kept, printer, session) { printed += 1 }
                order.finish(pod.metadata.name)
            }
        }
        guard printed == 0 else { return explainWhatIsMissing(kept, trouble) }
        try explainNothing(request, session, trouble)
    }

    /// - Returns: why the record could not be asked.
    private func fetch(_ kept: inout KeptLogs, of request: ReportRequest, _ session: Session) async -> Trouble? {
        do {
            let store = try await records.store(session)
            let found = try await session.explaining {
                try await store.ask { store throws(StoreTrouble) in try await store.logs(of: request.reportID) }
            }
            kept.take(found)
            return nil
        } catch {
            return error as? Trouble ?? Trouble("\(error)")
        }
    }

    /// Says of which stages there is nothing, beside what was printed.
    private func explainWhatIsMissing(_ kept: KeptLogs, _ trouble: Trouble?) {
        guard !kept.gone.isEmpty else { return }
        let reason = trouble.map { ", and the record can't be asked: \($0.message)" } ?? " and was not kept"
        Out.hint("the log of \(kept.gone.joined(separator: ", ")) is gone\(reason)")
    }

    /// - Returns: whether there was a log.
    private func print(
        _ pod: Pod, _ kept: KeptLogs, _ printer: LogPrinter, _ session: Session
    ) async throws -> Bool {
        if let log = kept.log(of: pod) {
            for line in log.lines(tail) { printer.print(line) }
            if log.isCut, tail == nil { Out.hint("of the log of pod \(log.pod) the last 64 KiB are kept") }
            return true
        }
        let reading = LogTail(
            session.cluster, pod: pod, follow: false, tailLines: tail, showsTimestamps: timestamps)
        let end = try await session.explaining { try await reading.run { printer.print($0) } }
        guard end == .gone else { return true }
        Out.hint("the log of pod \(pod.metadata.name) is gone")
        return false
    }

    /// `trouble`: why the record could not be asked.
    private func explainNothing(_ request: ReportRequest, _ session: Session, _ trouble: Trouble?) throws {
        switch MissingLog(request, stage: stage) {
        case .deleted:
            throw Trouble(
                "there is no log any more: the pods are gone, as after a timeout or a cancellation, and "
                    + (trouble.map { "the record can't be asked: \($0.message)" } ?? "none is kept with the record"),
                advice: ["what is known of it: \(session.command("describe", name))"] + (trouble?.advice ?? []))
        case .neverStarted:
            let phase = request.status?.phase.map { ", and \(name) is \($0.rawValue)" } ?? ""
            throw Trouble(
                "there is no log: \(stage ?? name) never started\(phase)",
                advice: ["why: \(session.command("describe", name))"])
        case .notYet:
            let words = ["logs", name, stage, "-f"].compactMap(\.self)
            throw Trouble(
                "there is no log yet: \(stage ?? name) has not started",
                advice: ["wait for it: \(session.command(words.joined(separator: " ")))"])
        }
    }
}
