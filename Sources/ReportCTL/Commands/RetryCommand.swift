import ArgumentParser
import ReportClient

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Resume a Failed or Cancelled run at the stages that have not succeeded.",
        discussion: """
            With the pipeline and the parameters that it was accepted with. A request that was restored from a backup begins \
            anew, with its pipeline as it is now.

            For example: retry tb-2026-10 --follow
            """)

    @Argument(help: "The request.", completion: Completion.requests)
    var name: String

    @OptionGroup var follow: FollowOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(name, of: "request") }

    func run() async throws {
        let session = try cluster.session()
        let (request, attempt) = try await session.explaining { try await session.cluster.retry(name) }
        follow.announce("\(name) begins attempt \(attempt)")
        guard follow.wait || follow.follow else { return Out.hint("  watch: \(session.command("watch", name))") }
        try await follow.conclude(request, attempt: attempt, session: session)
    }
}
