import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

/// Whether to stay until the run is over.
struct FollowOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Wait until the run is over, and end with its exit code.")
    var wait = false

    @Flag(name: .shortAndLong, help: "Show its stages and their logs until it is over, and end with its exit code.")
    var follow = false

    /// What was begun. Standard output is the logs', where they are followed.
    func announce(_ line: String) {
        if follow { Out.hint(line) } else { Out.line(line) }
    }

    func conclude(_ request: ReportRequest, attempt: Int, session: Session) async throws {
        guard wait || follow else { return }
        let terminal = Terminal.standardOutput()
        let form: RunView.Form =
            follow ? .logs(stage: nil) : await Self.progress(of: request, session: session, terminal: terminal)
        let outcome = try await RunView.follow(
            request, attempt: attempt, as: form, session: session, terminal: terminal)
        try RunEnd.conclude(outcome, request.metadata.name, session: session, terminal: terminal)
    }

    /// Bars in a terminal, lines in a pipe.
    static func progress(
        of request: ReportRequest, session: Session, terminal: Terminal
    ) async -> RunView.Form {
        guard terminal.isInteractive else { return .lines }
        let pipeline = request.status?.pipelineName ?? request.spec.value?.pipelineRef?.name
        // Only for the bars' lengths: without it they wander.
        let others = try? await session.cluster.client.list(
            ReportRequest.self, namespace: request.metadata.namespace,
            options: ListOptions(limit: 200, byteLimit: PageSize.byteLimit))
        return .bars(expected: ProgressView.expectations(others?.items ?? [], pipeline: pipeline))
    }
}
