import ArgumentParser
import KubernetesModel
import ReportAPI
import ReportClient

struct WaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until runs are over, however they end, and end with their exit code.",
        discussion: """
            A line for each run as it ends, and nothing before that. Of several the exit code is that of the first that did \
            not succeed.

            For example: wait tb-2026-10
                         wait tb-2026-09 tb-2026-10 --timeout 2h
            """)

    @Argument(help: "The requests.", completion: Completion.requests)
    var names: [String]

    @Option(help: "Give up after this time, such as 90s, 15m or 2h; the runs continue. Default: never.")
    var timeout: String?

    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        for name in names { try NameArgument.check(name, of: "request") }
        if let timeout, ReportDuration(timeout) == nil {
            throw ValidationError("--timeout: \"\(timeout)\" is not a length of time such as 90s, 15m or 2h")
        }
    }

    func run() async throws {
        let session = try cluster.session()
        var each = EachName()
        var requests: [ReportRequest] = []
        for (index, name) in names.enumerated() where !names[..<index].contains(name) {
            if let request = try await each.run({ try await session.request(name) }) { requests.append(request) }
        }
        let limit = timeout.flatMap(ReportDuration.init)
        try await RunsWait(session: session, limit: limit).wait(for: requests, &each)
        try each.conclude()
    }
}
