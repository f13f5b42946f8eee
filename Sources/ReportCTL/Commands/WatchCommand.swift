import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a run until it is over, and end with its exit code; or all runs, until Ctrl-C.",
        discussion: """
            A bar for each stage in a terminal; in a pipe a line for each thing that happens. Then what is sent where, until \
            all of it is delivered, or for a minute: the exit code is the run's.

            For example: watch tb-2026-10
                         watch -A
            """)

    @Argument(help: "The request. Default: all that haven't finished.", completion: Completion.requests)
    var name: String?

    @OptionGroup var scope: ScopeOptions

    func validate() throws {
        try scope.refuse(beside: name)
        try NameArgument.check(name, of: "request")
    }

    func run() async throws {
        let session = try scope.cluster.session()
        let terminal = Terminal.standardOutput()
        guard let name else {
            return try await AllRuns(
                session: session, namespace: scope.namespace(of: session), terminal: terminal
            ).watch()
        }
        let request = try await session.request(name)
        let form = await FollowOptions.progress(of: request, session: session, terminal: terminal)
        let attempt = request.spec.value?.attempt ?? 1
        if case .lines = form,
            let line = RunNarrator.opening(
                of: request, attempt: attempt, now: Timestamp(Date.now), clock: RunView.clock(terminal))
        {
            Out.line(line.rendered(color: terminal.usesColor))
        }
        let outcome = try await RunView.follow(
            request, attempt: attempt, as: form, session: session, terminal: terminal)
        if case .finished(let status, _) = outcome {
            try await RunDeliveries(session: session, terminal: terminal).watch(request, status)
        }
        try RunEnd.conclude(outcome, name, session: session, terminal: terminal)
    }
}
