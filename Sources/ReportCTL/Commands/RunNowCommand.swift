import ArgumentParser
import KubernetesModel
import ReportAPI
import ReportClient

struct RunNowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-now",
        abstract: "Run a schedule's report at once.",
        discussion: """
            As `kubectl create job --from=cronjob/…` does it: the operator makes a request of the Job.

            For example: run-now monthly --wait
            """)

    @Argument(help: "The schedule.", completion: Completion.schedules)
    var schedule: String

    @OptionGroup var follow: FollowOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(schedule, of: "schedule") }

    func run() async throws {
        let session = try cluster.session()
        let found = try await session.schedule(schedule, code: .usage)
        let tick = try await session.explaining { try await session.cluster.tick(found) }
        Out.hint("job.batch/\(tick.name) created")
        let request = try await session.explaining {
            try await session.cluster.request(of: tick, schedule: schedule)
        }
        follow.announce("reportrequest.\(ReportsAPI.group)/\(request.metadata.name) created")
        guard follow.wait || follow.follow else {
            return Out.hint("  watch: \(session.command("watch", request.metadata.name))")
        }
        try await follow.conclude(request, attempt: 1, session: session)
    }
}
