import ArgumentParser
import KubernetesModel
import ReportAPI
import ReportClient

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop runs, and keep their records.",
        discussion: """
            For example: cancel tb-2026-10 --wait
            """)

    @Argument(help: "The requests.", completion: Completion.requests)
    var names: [String]

    @Flag(name: .shortAndLong, help: "Wait until everything of theirs has stopped.")
    var wait = false

    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        for name in names { try NameArgument.check(name, of: "request") }
    }

    func run() async throws {
        let session = try cluster.session()
        var each = EachName()
        var cancelled: [ReportRequest] = []
        // All are told to stop before the first is waited for.
        for name in names {
            if let request = try await each.run({ try await cancel(name, session) }) ?? nil {
                cancelled.append(request)
            }
        }
        if wait {
            for request in cancelled { _ = try await each.run { try await waitForEnd(of: request, session) } }
        } else if let first = cancelled.first {
            Out.hint("  watch: \(session.command("watch", first.metadata.name))")
        }
        try each.conclude()
    }

    /// Nil where it is Cancelled already.
    private func cancel(_ name: String, _ session: Session) async throws -> ReportRequest? {
        switch try await session.explaining({ try await session.cluster.cancel(name) }) {
        case .asked(let request):
            Out.line("\(name) is being cancelled")
            return request
        case .over(.cancelled):
            Out.line("\(name) is Cancelled already")
            return nil
        case .over(let phase):
            throw Trouble(
                "\(name) is over already: it has \(phase.rawValue), which stays so",
                advice: [session.command("describe", name)])
        }
    }

    private func waitForEnd(of request: ReportRequest, _ session: Session) async throws {
        let terminal = Terminal.standardOutput()
        let outcome = try await RunView.follow(
            request, attempt: request.status?.attempt ?? 1, as: .lines, session: session, terminal: terminal)
        // Cancelled is what was asked for, so it is not a failure here.
        if case .finished(let status, _) = outcome, status.phase == .cancelled { return }
        try RunEnd.conclude(outcome, request.metadata.name, session: session, terminal: terminal)
    }
}
