import ArgumentParser
import DaemonSupport
import ReportAPI

@main
struct ReportOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-operator",
        abstract: "Runs long reports on Kubernetes.",
        discussion: """
            Watches ReportRequests, runs the stages of each as Jobs in order, and writes what happened to the request's \
            status.
            """,
        version: Version.current,
        subcommands: [RunCommand.self])

    static func main() async { await Daemon.main(Self.self) }
}
